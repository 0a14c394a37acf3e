"""The indicators of an area in a week or month: of all of it, of its parts, and over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Final, Literal

import numpy as np
from sqlalchemy.orm import Session

from geodata.db import areas
from geodata.db import indicators as stored
from geodata.domain import indicator, kept, span
from geodata.domain.coverage.measures import Tier
from geodata.domain.indicator import INDICATORS, Counts, Figure, Verdict, Window
from geodata.domain.kept import Told
from geodata.domain.lattice import Floats
from geodata.domain.partition import Ints
from geodata.domain.span import Every, Span
from geodata.services import issue_days
from geodata.services.coverage_report import Area, Part, Report

By = Literal["area", "category", "channel"]
BYS: Final[tuple[By, ...]] = ("area", "category", "channel")
TREND: Final[Mapping[Every, int]] = {"week": 13, "month": 12}
"""Over how many weeks and months a trend goes."""

BELOW: Final[Mapping[Tier | None, Tier]] = {
    None: "community",
    "street": "community",
    "community": "grid",
    "grid": "grid",
}
"""Which parts an area is shown in, unless something else is asked for."""

NOWHERE: Final = "nowhere"
"""The code of what belongs to none of the parts."""

Figures = Mapping[str, Figure]
"""Each indicator's value by its code."""


@dataclass(frozen=True)
class Row:
    """What was counted of an area, part, category, channel or span: its code, its two names.

    `expected` are the reports that everybody's mean would bring.
    """

    code: str
    name: str
    name_en: str
    counts: Counts
    expected: float | None = None

    @cached_property
    def figures(self) -> Figures:
        """Its indicators by code."""
        return {
            code: indicator.figure(one, self.counts, self.expected)
            for code, one in INDICATORS.items()
        }


@dataclass(frozen=True)
class Board:
    """The indicators of an area in a span, looked at in a moment of its time zone.

    `trend` are the spans up to and with this one, `rows` its parts, categories or channels; `long`
    are the parts over the whole time of the trend, in which rare things can be told from chance.
    `rest` is what belongs to none of the parts, None where there is nothing: with it they add up.
    `begun` is the day of the first report on record, None without any.
    """

    span: Span
    by: By
    now: datetime
    rows: Sequence[Row]
    trend: Sequence[Row]
    long: Sequence[Row] = ()
    rest: Row | None = None
    begun: date | None = None

    @property
    def whole(self) -> Row:
        """All of it."""
        return self.trend[-1]

    @property
    def before(self) -> Row:
        """The span before, at its whole length."""
        return self.trend[-2]

    @property
    def running(self) -> bool:
        """Whether the span is not over yet."""
        return self.now.date() <= self.span.last

    @property
    def cut(self) -> bool:
        """Whether records begin within the span before, or after it: it cannot be compared."""
        return self.begun is not None and self.begun > span.named(self.before.code).first

    def change(self, code: str) -> Verdict | Literal["cut"] | None:
        """What became of an indicator since the span before, "cut" where that is not whole.

        None where there is nothing to reckon with, or events of a span that is not over.
        """
        now, then = self.whole.figures[code], self.before.figures[code]
        early = self.running and now.indicator.unit == "per_thousand"
        if now.value is None or then.value is None or early:
            return None
        return "cut" if self.cut else indicator.changed(now, then)

    @cached_property
    def warmth(self) -> Mapping[str, int | None]:
        """The class of heat of each part over the whole time of the trend, by its code.

        None where there are too few to tell.
        """
        whole = {
            name: sum(row.counts[name] for row in self.long) for name in ("reported", "residents")
        }
        average = indicator.figure(INDICATORS["heat"], whole)
        heat = indicator.warmth([row.figures["heat"] for row in self.long], average)
        return {row.code: one for row, one in zip(self.long, heat, strict=True)}


@dataclass(frozen=True)
class Asked:
    """What is looked at: an area of a report, a span, its parts, in which time zone and when."""

    area: Area
    span: Span
    by: By
    now: datetime
    zone: tzinfo


def board(session: Session, report: Report, asked: Asked) -> Board:
    """The indicators that were asked for."""
    spans = span.last(asked.span, TREND[asked.span.every])
    channels = stored.channels(session)
    ground = asked.area.ground
    moments = spans[0].begins(asked.zone), asked.span.ends(asked.zone)
    if asked.by == "area" and BELOW[asked.area.tier] == "grid":
        columns = stored.issues(session, ground, *moments, channels)
        told = kept.plain(issue_days.issues(columns))
    else:
        told = issue_days.told(session, ground, moments, asked.now, asked.by, channels)
    parts = report.parts(BELOW[asked.area.tier], ground)
    residents = float(sum(part.figures["residents"] for part in parts))
    trend = [_whole(told, one, asked, residents) for one in spans]
    now, first = asked.now.astimezone(asked.zone), stored.first(session)
    begun = first.astimezone(asked.zone).date() if first else None
    if asked.by != "area":
        others = _others(session, told, asked, channels)
        return Board(asked.span, asked.by, now, others, trend, begun=begun)
    homes = _homes(session, told, asked, parts)
    counts = told.counted(_window(asked.span, asked))
    rows, rest = _parts(counts, homes, parts), _rest(counts, homes)
    long = _parts(told.counted(_through(spans, asked)), homes, parts)
    return Board(asked.span, asked.by, now, rows, trend, long, rest, begun)


def _rest(counts: Mapping[str, Floats], at: Ints) -> Row | None:
    """What was counted in none of the parts."""
    sums = {name: float(column[at < 0].sum()) for name, column in counts.items()}
    return Row(NOWHERE, "", "", {**sums, "residents": 0.0}) if any(sums.values()) else None


def _window(one: Span, asked: Asked) -> Window:
    begins, ends = one.begins(asked.zone), one.ends(asked.zone)
    return begins.timestamp(), ends.timestamp(), asked.now.timestamp()


def _whole(told: Told, one: Span, asked: Asked, residents: float) -> Row:
    counts = told.counted(_window(one, asked))
    sums = {name: float(column.sum()) for name, column in counts.items()}
    return Row(one.name, one.name, one.name, {**sums, "residents": residents})


def _through(spans: Sequence[Span], asked: Asked) -> Window:
    first, last = _window(spans[0], asked), _window(spans[-1], asked)
    return first[0], last[1], last[2]


def _others(session: Session, told: Told, asked: Asked, channels: Sequence[str]) -> list[Row]:
    """What was counted of each category or channel that has any."""
    counts = told.counted(_window(asked.span, asked))
    if asked.by == "channel":
        sums = indicator.summed(counts, told.group("channel"), len(channels))
        names = [(name, name, name) for name in channels]
    else:
        known = stored.categories(session)
        place = {row["id"]: n for n, row in enumerate(known)}
        kinds = told.group("category").tolist()
        at = np.array([place.get(number, -1) for number in kinds], dtype=np.int64)
        sums = indicator.summed(counts, at, len(known))
        names = [(row["code"], row["name_zh"], row["name_en"] or "") for row in known]
    pairs = zip(names, sums, strict=True)
    return [Row(*name, one) for name, one in pairs if any(one.values())]


def _parts(counts: Mapping[str, Floats], at: Ints, parts: Sequence[Part]) -> list[Row]:
    sums = indicator.summed(counts, at, len(parts))
    told = [
        {**one, "residents": float(part.figures["residents"])}
        for one, part in zip(sums, parts, strict=True)
    ]
    expected = indicator.expected(told, INDICATORS["heat"])
    return [
        Row(part.code, part.name, part.name, one, mean)
        for part, one, mean in zip(parts, told, expected, strict=True)
    ]


def _homes(session: Session, told: Told, asked: Asked, parts: Sequence[Part]) -> Ints:
    """The row of the part that each issue belongs to, -1 for none."""
    row_of = {part.code: n for n, part in enumerate(parts)}
    if BELOW[asked.area.tier] == "grid":
        known = stored.grids(session)
        keys = told.group("grid")
        table = {number: row_of.get(code, -1) for number, code in known.items()}
        return np.array([table.get(key, -1) for key in keys.tolist()], dtype=np.int64)
    codes = sorted(str(row["code"]) for row in areas.tree(session))
    rows = np.array([row_of.get(code, -1) for code in (*codes, "")], dtype=np.int64)
    return np.asarray(rows[told.group("community")], dtype=np.int64)
