"""The names on small maps: short ones, laid for wide and narrow screens and for paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geodata.domain import map_names
from geodata.domain.coverage.measures import Tier
from geodata.domain.map_names import Name
from geodata.domain.outline import Sketch
from geodata.services.coverage_report import Part

_FORMS: Final[Mapping[str, tuple[float, float, float]]] = {
    "broad": (560.0, 380.0, 13.0),
    "narrow": (350.0, 380.0, 12.0),
    "sheet": (340.0, 230.0, 10.5),
}
"""How wide and high a map is shown at most, and how high its letters are, in CSS pixels.

As ``picture.css`` and ``paper.css`` have it.
"""


@dataclass(frozen=True, slots=True)
class Lettering:
    """The names for one form of a map, `size` of its units high."""

    form: str
    size: float
    names: Sequence[Name]


def lettered(
    drawing: Sketch, names: Mapping[str, str], signs: Mapping[str, str], first: Sequence[str]
) -> list[Lettering]:
    """The names on a map for each form in which it is shown, those of `first` before others."""
    made = []
    for form, (width, tall, pixels) in _FORMS.items():
        size = map_names.height(drawing, width, tall, pixels)
        laid = map_names.placed(drawing, names, size, signs, first)
        made.append(Lettering(form, size, laid))
    return made


def short_names(parts: Sequence[Part], tier: Tier) -> dict[str, str]:
    """What is written on areas of a tier by code: grids by their number, others without kind."""
    return {part.code: _number(part.code) if tier == "grid" else short(part.name) for part in parts}


def short(name: str) -> str:
    """The name of a community or street as a small map has room for it."""
    return name.removesuffix("社区").removesuffix(" Community").removesuffix(" Street")


def _number(code: str) -> str:
    """The last digits of a grid's code, as people call it: 01."""
    return code[-2:] if code[-3:-2] == "0" else code[-3:]
