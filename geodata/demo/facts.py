"""What is real in the demo: the names and codes of Hanbin's tiers, and its issue categories."""

from __future__ import annotations

import csv
from importlib import resources

ATTRIBUTION = (
    "Names and codes of streets and communities: National Bureau of Statistics of China, list of "
    "statistical divisions, by way of china-division 2.7.0 (MIT) and Vonng/adcode (CC BY 4.0)."
)
"""Whose facts the demo carries; the product's credits show it."""

CODE = "610902"
NAME = "汉滨区"
NAME_EN = "Hanbin District"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of ``streets``, ``communities``, ``categories`` or ``notices`` by column name."""
    file = resources.files("geodata.demo").joinpath(f"{name}.csv")
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
