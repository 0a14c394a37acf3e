"""Coverage side by side: now and an earlier day, two areas, the present and a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import area_shapes, coverage_history
from geodata.db import coverage as trials
from geodata.domain.coverage import comparison
from geodata.domain.coverage.comparison import Change, Key
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.measures import FIGURES, Measure, Tier
from geodata.domain.plan import COMPUTED
from geodata.errors import InvalidMove, NotFound
from geodata.services import (
    coverage,
    coverage_figures,
    coverage_report,
    redraw_publishing,
    redraws,
)
from geodata.services.coverage_report import Area, Part, Report, together
from geodata.services.indicators import BELOW


@dataclass(frozen=True)
class Side:
    """One side: what it is of, the figures of its parts, its gaps in plain form, its map.

    `at` is the day, the code of the area or the plan, `title` its name, `cells` the ground of the
    parts by code, in degrees, `workers` how many people serve them, `rest` what lies in none.
    """

    kind: Literal["now", "day", "area", "plan"]
    at: str
    title: str
    parts: Sequence[Part]
    gaps: Mapping[Key, Mapping[str, Any]]
    cells: Mapping[str, BaseGeometry]
    workers: int
    rest: Part | None = None

    @cached_property
    def whole(self) -> Part:
        """The figures of all its parts, and of what lies in none."""
        parts = [*self.parts, *([self.rest] if self.rest else [])]
        return together(parts, self.at, self.title, self.workers)


@dataclass(frozen=True)
class Compared:
    """Two sides and what differs: gaps that opened and closed from the left to the right."""

    left: Side
    right: Side
    tier: Tier
    opened: Sequence[Mapping[str, Any]]
    closed: Sequence[Mapping[str, Any]]

    def changes(self, measures: Sequence[Measure]) -> list[Change]:
        """Each measure of the whole on both sides."""
        pair = self.left.whole.figures, self.right.whole.figures
        return [comparison.change(one, *pair) for one in measures]

    def by_part(self, measure: Measure) -> dict[str, Change]:
        """A measure of each part that either side has, by code."""
        sides = [{part.code: part.figures for part in side.parts} for side in self._sides]
        none = dict.fromkeys(FIGURES, 0)
        return {
            code: comparison.change(measure, sides[0].get(code, none), sides[1].get(code, none))
            for code in sorted(sides[0] | sides[1])
        }

    def names(self) -> dict[str, str]:
        """The names of all parts by code."""
        return {part.code: part.name for side in self._sides for part in side.parts}

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.left, self.right


def compared(left: Side, right: Side, tier: Tier) -> Compared:
    """Two sides with the gaps that only one of them has."""
    new, gone = comparison.opened(left.gaps.keys(), right.gaps.keys())
    return Compared(
        *(left, right, tier), [right.gaps[key] for key in new], [left.gaps[key] for key in gone]
    )


def two(session: Session, report: Report, one: Area, other: Area) -> Compared:
    """Two areas as they are now.

    Raises InvalidMove ``same_area`` where both are the same ground.
    """
    if one.ground == other.ground:
        raise InvalidMove("same_area")
    left, right = (present(session, report, each, named=True) for each in (one, other))
    return compared(left, right, BELOW[one.tier])


def present(session: Session, report: Report, area: Area, *, named: bool = False) -> Side:
    """An area as it is now; `named` where it is one of two."""
    tier = BELOW[area.tier]
    parts = report.parts(tier, area.ground)
    cells = area_shapes.of(session, tier, [part.code for part in parts])
    kind: Literal["now", "area"] = "area" if named else "now"
    gaps = _Told(report.within(area.ground))
    workers = report.workers(area.ground)
    rest = report.rest(tier, parts, area.ground)
    return Side(kind, area.code, area.name, parts, gaps, cells, workers, rest)


class _Told(Mapping[Key, Mapping[str, Any]]):
    """Gaps by key, in plain form where one is looked at: most never are."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self.gaps = {gap.key: gap for gap in gaps}

    def __getitem__(self, key: Key) -> Mapping[str, Any]:
        return coverage.plain(self.gaps[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self.gaps)

    def __len__(self) -> int:
        return len(self.gaps)


def on_day(session: Session, report: Report, area: Area, day: date, zone: tzinfo) -> Side:
    """An area at the end of an earlier day.

    Raises NotFound ``no_figures`` (day, first) where nothing was kept until then.
    """
    first = coverage_figures.first(session)
    if first is None or day < first:
        told = {"day": day.isoformat(), "first": first.isoformat() if first else "—"}
        raise NotFound("no_figures", **told)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
    tier = BELOW[area.tier]
    kept = coverage_figures.on_day(session, day, report.names, tier, area.ground)
    rows = coverage_history.standing(session, area.ground, ends)
    gaps = {(row["kind"], row["code"]): _gap_then(row) for row in rows}
    cells = area_shapes.of(session, tier, [part.code for part in kept.parts], ends)
    found = (kept.parts, gaps, cells, kept.workers, kept.rest)
    return Side("day", day.isoformat(), area.name, *found)


def _gap_then(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("kind", "code", "name", "measure", "households", "facts")},
        "community": row["community_code"],
        "grid": row["grid_code"],
        "cause": row["cause"],
        "since": row["began"].isoformat(),
        "next_action": "",
        "spot": None,
    }


def on_plan(session: Session, report: Report, area: Area, plan: UUID, now: datetime) -> Side:
    """An area as publishing a plan would make it: it is published, looked at and taken back.

    Raises as `redraw_publishing`; NotFound ``no_plan`` for one that is history.
    """
    found = redraws.plan(session, plan)
    if found["state"] not in COMPUTED:
        raise NotFound("no_plan")
    known = coverage.Look(report.frames, report.gaps)
    with _published(session, found) as (at, concerned):
        look = coverage.again(session, known, concerned, max(now, at))
        then = coverage_report.report(session, now, area.ground, look)
        tier = BELOW[area.tier]
        parts = then.parts(tier, area.ground)
        cells = area_shapes.of(session, tier, [part.code for part in parts])
        gaps = _Told(then.within(area.ground))
        workers = then.workers(area.ground)
        rest = then.rest(tier, parts, area.ground)
    names = report.names
    parts = [Part(p.code, names.get(p.code, p.name), p.parent, p.figures) for p in parts]
    return Side("plan", str(plan), found["name"], parts, gaps, cells, workers, rest)


@contextmanager
def _published(session: Session, found: RowMapping) -> Iterator[tuple[datetime, frozenset[str]]]:
    """A plan published for as long as the block runs, with the ground held.

    The moment, and the communities that it may have changed something in.
    """
    with session.begin_nested() as trial:
        trials.hold_trial(session)
        at = redraw_publishing.hold(session)
        drawn = redraws.over_present(session, found)
        if not drawn.changed:
            raise InvalidMove("plan_empty")
        concerned = coverage.neighbours(session, drawn.communities)
        redraw_publishing.perform(session, drawn, str(found["author"]), at)
        yield at, concerned | coverage.neighbours(session, drawn.communities)
        trial.rollback()
