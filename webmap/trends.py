"""A measure over days, weeks or months: drawn as a line, with its ends and extremes in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from geodata.services.indicators import Board
from webmap import indicator_texts as words
from webmap.texts import filled

LENGTHS: Final = {
    "day": _("{count} 天"),
    "week": _("{count} 周"),
    "month": _("{count} 个月"),
}
"""What a line goes over."""
LINE: Final = _("{length}的走势：从 {first} 到 {last}，最低 {low}，最高 {high}")
_HEIGHT: Final = 20
_FOOT: Final = 22
_STEP: Final = 8
_STEEPEST: Final = 0.9


class Point(NamedTuple):
    """A value, as a sentence says it, and as it stands at the end of a line."""

    value: float
    said: str
    short: str


@dataclass(frozen=True)
class Trend:
    """A value for each day, week or month, None where there is none."""

    every: str
    points: Sequence[Point | None]
    what: str = ""

    @property
    def known(self) -> list[Point]:
        """The values that there are."""
        return [point for point in self.points if point]

    @property
    def is_shown(self) -> bool:
        """Whether there is a line to be drawn."""
        return len(self.known) > 1 and max(self.known).value > 0

    @property
    def width(self) -> int:
        """How wide the line is, in its own unit."""
        return _STEP * (len(self.points) - 1)

    @property
    def line(self) -> str:
        """The points as SVG has them, the highest at the top.

        The foot need not be nothing, but is a tenth of the highest below it at the least, so that
        little change looks little.
        """
        most = max(self.known).value
        least = min(min(self.known).value, _STEEPEST * most)
        told = [(_STEP * n, one.value - least) for n, one in enumerate(self.points) if one]
        return " ".join(f"{x},{_FOOT - _HEIGHT * up / (most - least):.1f}" for x, up in told)

    @property
    def ends(self) -> tuple[str, str, str]:
        """The first value, over how long it goes, and the last value."""
        return self.known[0].short, self._length, self.known[-1].short

    @property
    def label(self) -> str:
        """The same in a sentence, with the lowest and the highest."""
        known = self.known
        four = {"first": known[0], "last": known[-1], "low": min(known), "high": max(known)}
        told = {"length": self._length, **{name: one.said for name, one in four.items()}}
        return f"{self.what}{gettext('：')}" * bool(self.what) + filled(LINE, told)

    @property
    def _length(self) -> str:
        return filled(LENGTHS[self.every], {"count": len(self.points)})


def of_indicator(board: Board, code: str) -> Trend:
    """An indicator over the weeks or months of a board, from its first value to its last."""
    figures = [row.figures[code] for row in board.trend]
    points = [
        None if one.value is None else Point(one.value, words.value(one), words.short(one))
        for one in figures
    ]
    known = [n for n, point in enumerate(points) if point]
    return Trend(board.span.every, points[known[0] : known[-1] + 1] if known else [])


def of_days(counts: Sequence[int], what: str = "") -> Trend:
    """A count at the end of each day; of `what`, where nothing beside the line says it."""
    said = [str(format_decimal(n)) for n in counts]
    return Trend("day", [Point(n, one, one) for n, one in zip(counts, said, strict=True)], what)
