"""What exports say about themselves, in Chinese and in English, from `notes.csv`."""

import csv
from functools import cache
from importlib import resources

Words = tuple[str, str]
"""A sentence in Chinese and in English."""


def words(key: str, **facts: str) -> Words:
    """The sentence of a key with its facts filled in. Raises KeyError where there is none."""
    zh, en = _all()[key]
    return zh.format_map(facts), en.format_map(facts)


@cache
def _all() -> dict[str, Words]:
    file = resources.files("geodata.files.exports").joinpath("notes.csv")
    with file.open(encoding="utf-8") as lines:
        return {row["key"]: (row["zh"], row["en"]) for row in csv.DictReader(lines)}
