"""What the page that compares asks for, and what it shows."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Final, Literal, cast
from uuid import UUID

from pydantic import Field
from sqlalchemy import RowMapping

from geodata.domain.coverage import comparison
from geodata.domain.coverage.comparison import Change
from geodata.domain.coverage.gap import KINDS
from geodata.domain.coverage.measures import Measure
from geodata.domain.outline import Cells, Sketch, sketch
from geodata.domain.roles import Action
from geodata.errors import NotFound
from geodata.services import coverage, coverage_compare, coverage_report
from geodata.services.coverage_compare import Compared, Side
from geodata.services.coverage_report import Area, Part
from webmap import compare_texts, coverage_texts, database, guard, map_lettering, times
from webmap.api import redraws as doors
from webmap.api.fields import Code, Query
from webmap.compare_texts import Lone
from webmap.coverage_view import BELOW, CoverageQuery, Seen, seen

_FINE: Final = 0.4
_LASTS: Final = timedelta(seconds=30)
"""How long the picture of a plan is shown again, though issues and posts go on."""
_MOST_TRIED: Final = 32
_SIGNS: Final[Mapping[int | None, str]] = {0: "▼", 2: "▲"}
_TRIED: Final[dict[Any, tuple[datetime, Side]]] = {}


class CompareQuery(Query):
    """An area, and what it is laid beside: an earlier day, another area or a plan.

    With `until` two days are laid beside each other, whichever is the earlier on the left.
    """

    area: Code | Literal[""] = ""
    day: date | Literal[""] = ""
    until: date | Literal[""] = ""
    other: Code | Literal[""] = ""
    plan: UUID | Literal[""] = ""
    measure: Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")] = ""


@dataclass(frozen=True)
class Beside:
    """Both sides, drawn to one scale, by the chosen measure."""

    look: Seen
    found: Compared
    measure: Measure
    pictures: tuple[Sketch, Sketch]

    @property
    def paired(self) -> bool:
        """Whether both sides are of the same ground, so that each part has its change."""
        return self.found.left.kind != "area"

    def classes(self, side: Side) -> dict[str, int | None]:
        """How the parts of a side are coloured."""
        return {part.code: self.measure.class_of(part.value(self.measure)) for part in side.parts}

    def labels(self, side: Side) -> dict[str, str]:
        """What is told of each part under the pointer."""
        said = coverage_texts.value
        return {p.code: f"{p.name} {said(self.measure, p.value(self.measure))}" for p in side.parts}

    def shifts(self) -> Mapping[str, Change]:
        """The parts in which the measure differs or that one side has not got, by code."""
        told, lone = self._changes.items(), self.lone
        return {code: one for code, one in told if one.left != one.right or code in lone}

    @cached_property
    def lone(self) -> Mapping[str, tuple[Lone, Part]]:
        """The parts of the same ground that only one side has: new or gone, with their figures."""
        left, right = ({p.code: p for p in side.parts} for side in self._pair)
        new = {code: ("new", part) for code, part in right.items() if code not in left}
        gone = {code: ("gone", part) for code, part in left.items() if code not in right}
        return cast("Mapping[str, tuple[Lone, Part]]", {**new, **gone} if self.paired else {})

    @property
    def _pair(self) -> tuple[Side, Side]:
        return self.found.left, self.found.right

    def kinds(self) -> list[tuple[str, int, int]]:
        """The kinds of gaps that either side has, and how many each has."""
        left, right = (Counter(kind for kind, _ in side.gaps) for side in self._pair)
        return [(kind, left[kind], right[kind]) for kind in KINDS if left[kind] or right[kind]]

    def verdicts(self) -> dict[str, int | None]:
        """Whether each part became worse (0), neither (1) or better (2); None without data."""
        return {code: comparison.verdict(one) for code, one in self._changes.items()}

    def signs(self) -> dict[str, str]:
        """What is written on the parts that became better or worse, or are new."""
        told = self.verdicts().items()
        new = {
            code: str(compare_texts.SIGN) for code, (how, _) in self.lone.items() if how == "new"
        }
        return {**{code: _SIGNS[one] for code, one in told if one in _SIGNS}, **new}

    def short_names(self) -> dict[str, str]:
        """What is written on the parts on a small map, by code."""
        parts = [part for side in self._pair for part in side.parts]
        return map_lettering.short_names(parts, self.found.tier)

    def moved(self) -> list[str]:
        """The parts of the same ground that are another on the two sides, what tells most first.

        Those that only one side has, those that became better or worse or have another class,
        those of another value, and those of another outline.
        """
        if not self.paired:
            return []
        left, right = (self.classes(side) for side in self._pair)
        drawn = [
            {code: one.path for code, one in sketch.outlines.items()} for sketch in self.pictures
        ]
        judged = [code for code, one in self.verdicts().items() if one in _SIGNS]
        classed, redrawn = (
            [code for code, one in then.items() if code in now and now[code] != one]
            for then, now in ((left, right), drawn)
        )
        return list(dict.fromkeys([*self.lone, *judged, *classed, *self.shifts(), *redrawn]))

    def others(self) -> list[tuple[Measure, int]]:
        """The other measures in which parts differ, and in how many."""
        every = self.look.report.measures()
        found = [
            (one, sum(c.left != c.right for c in self.found.by_part(one).values()))
            for one in every
            if one.code != self.measure.code
        ]
        return [(one, count) for one, count in found if count]

    def told(self) -> dict[str, str]:
        """What is told of the change of each part under the pointer."""
        return {code: self._told(code, change) for code, change in self._changes.items()}

    def _told(self, code: str, change: Change) -> str:
        left, right = self.value(code, change.left, "new"), self.value(code, change.right, "gone")
        return f"{self.found.names()[code]} {left} → {right}"

    def value(self, code: str, worth: float | None, unless: Lone) -> str:
        """The value of a part on the side that has not got it where it is new, or where gone."""
        if self.lone.get(code, ("",))[0] == unless:
            return str(compare_texts.MISSING[unless])
        return coverage_texts.value(self.measure, worth)

    @cached_property
    def _changes(self) -> dict[str, Change]:
        return self.found.by_part(self.measure)


def compared(asked: CompareQuery) -> Beside | None:
    """What was asked for side by side; None where nothing to lay beside was told.

    Raises as `coverage_compare` does.
    """
    look = seen(CoverageQuery(area=asked.area, measure=asked.measure))
    found = _found(asked, look)
    if found is None:
        return None
    left, right = sketch([Cells(found.left.cells), Cells(found.right.cells)], _FINE)
    if found.left.kind == "area":  # two grounds: each to its own scale
        left, right = (sketch([Cells(s.cells)], _FINE)[0] for s in (found.left, found.right))
    return Beside(look, found, look.measure, (left, right))


def _found(asked: CompareQuery, look: Seen) -> Compared | None:
    session, report, area = database.session(), look.report, look.area
    if asked.plan:
        plan = doors.own(asked.plan, Action.SEE_COVERAGE)
        home = coverage_report.area(
            session, report, guard.reach(Action.SEE_COVERAGE), plan["community_code"]
        )
        now = coverage_compare.present(session, report, home)
        then = _tried(look, home, plan)
        return coverage_compare.compared(now, then, BELOW[home.tier])
    if asked.other:
        reach = guard.reach(Action.SEE_COVERAGE)
        second = coverage_report.area(session, report, reach, asked.other)
        return coverage_compare.two(session, report, area, second)
    if asked.day:
        days = sorted(day for day in (asked.day, asked.until) if day)
        if days[-1] > guard.now().astimezone(times.zone()).date():
            raise NotFound("day_to_come", day=days[-1].isoformat())
        sides = [coverage_compare.on_day(session, report, area, d, times.zone()) for d in days]
        if len(sides) == 1:
            sides.append(coverage_compare.present(session, report, area))
        return coverage_compare.compared(sides[0], sides[1], BELOW[area.tier])
    return None


def _tried(look: Seen, home: Area, plan: RowMapping) -> Side:
    """What a plan would make of its community; not tried again while nothing has moved."""
    session = database.session()
    key = (plan["public_id"], plan["changed_at"], coverage.version(session), home.ground)
    tried = _TRIED.get(key)
    if tried is None or guard.now() - tried[0] > _LASTS:
        side = coverage_compare.on_plan(session, look.report, home, plan["public_id"], guard.now())
        while len(_TRIED) >= _MOST_TRIED:
            _TRIED.pop(next(iter(_TRIED), None), None)
        tried = _TRIED[key] = guard.now(), side
    return tried[1]


def called(name: str, names: Mapping[str, str]) -> str:
    """A plan's name with grids by their names in place of their codes."""
    return re.sub(r"\d{9,}", lambda code: names.get(code[0], code[0]), name)


def choices(look: Seen) -> dict[str, Any]:
    """The areas that can be laid beside, by tier."""
    report, ground = look.report, guard.reach(Action.SEE_COVERAGE)
    return {
        "streets": report.parts("street", ground),
        "communities": report.parts("community", ground),
    }
