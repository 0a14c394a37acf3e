"""Where the names of areas stand on a small map: those that matter first, clear of each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geodata.domain.lattice import Floats
from geodata.domain.outline import Outline, Sketch

MARGIN: Final = 4.0
"""Units around a drawing, which names may reach into."""
_NARROW: Final = 0.62
_LINE: Final = 1.1
_STACKED: Final = 1.25
_APART: Final = 0.25
"""Widths of letters, height of a line, how far lines and names are apart, by letters' height."""
_CRUMB: Final = 0.1


@dataclass(frozen=True, slots=True)
class Name:
    """What is written on an area, with its middle in the units of the drawing."""

    code: str
    text: str
    x: float
    y: float


def height(drawing: Sketch, width: float, tall: float, pixels: float) -> float:
    """How high letters are, in units, that are to be so many pixels high.

    The drawing with its margin is shown as large as `width` by `tall` pixels have room for.
    """
    scale = min(width / (drawing.width + 2 * MARGIN), tall / (drawing.height + 2 * MARGIN))
    return round(pixels / scale, 1)


def placed(
    drawing: Sketch,
    names: Mapping[str, str],
    size: float,
    signs: Mapping[str, str] | None = None,
    first: Sequence[str] = (),
) -> list[Name]:
    """The names, `size` units high, that lie clear of those that matter more.

    What is named `first` matters most, in that order, then areas with much room. A name may be
    wider than its area. `signs` stand on their areas whatever else does, with the name beside.
    """
    signs = signs or {}
    told = {code: one for code, one in drawing.outlines.items() if code in names or code in signs}
    rank = {code: n for n, code in enumerate(dict.fromkeys([*first, *signs]))}
    order = sorted(told, key=lambda code: (rank.get(code, len(rank)), -told[code].room, code))
    marked = [code for code in order if signs.get(code)]
    laid = [
        _Laid(code, signs[code], _box(drawing, told[code], signs[code], size)) for code in marked
    ]
    taken = np.full((len(laid) + len(told), 4), np.nan)
    taken[: len(laid)] = np.reshape([one.box for one in laid], (-1, 4))
    for code in order:
        for box in _places(drawing, told[code], names.get(code, ""), signs.get(code, ""), size):
            if not _meets(box, taken):
                taken[len(laid)] = box
                laid.append(_Laid(code, names[code], box))
                break
    return [one.name for one in laid]


@dataclass(frozen=True, slots=True)
class _Laid:
    code: str
    text: str
    box: Floats

    @property
    def name(self) -> Name:
        x, y = (round(float(one), 1) for one in (self.box[:2] + self.box[2:]) / 2)
        return Name(self.code, self.text, x, y)


def _places(
    drawing: Sketch, outline: Outline, name: str, sign: str, size: float
) -> Iterator[Floats]:
    """Where a name may stand: on the spot, or below, above, right and left of the sign there."""
    if not name:
        return
    beside = size * (_ems(name) + _ems(sign) + 2 * _APART) / 2 + _CRUMB
    below = size * _STACKED
    ways = ((0.0, below), (0.0, -below), (beside, 0.0), (-beside, 0.0)) if sign else ((0.0, 0.0),)
    for x, y in ways:
        moved = replace(outline, x=outline.x + x, y=outline.y + y)
        yield _box(drawing, moved, name, size)


def _box(drawing: Sketch, outline: Outline, text: str, size: float) -> Floats:
    """West, top, east and bottom of a text on its area, moved into the drawing."""
    wide, tall = size * (_ems(text) + _APART) / 2, size * _LINE / 2
    x, y = _within(outline.x, wide, drawing.width), _within(outline.y, tall, drawing.height)
    return np.array([x - wide, y - tall, x + wide, y + tall])


def _within(at: float, half: float, whole: float) -> float:
    return max(min(at, whole + MARGIN - half), half - MARGIN)


def _ems(text: str) -> float:
    return sum(
        _NARROW if unicodedata.east_asian_width(one) in ("N", "Na", "H") else 1.0 for one in text
    )


def _meets(box: Floats, others: Floats) -> bool:
    west, top, east, bottom = others.T  # NaN where nothing is laid yet, which meets nothing
    meets = (west < box[2]) & (east > box[0]) & (top < box[3]) & (bottom > box[1])
    return bool(meets.any())
