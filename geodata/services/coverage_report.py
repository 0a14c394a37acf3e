"""The coverage of an area as a page and a program show it: gaps, figures of its parts, trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from geodata.db import areas, scoping
from geodata.db.scoping import Ground
from geodata.domain.coverage import measures, party
from geodata.domain.coverage.frames import Frames, Grids
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.measures import Measure, Tier
from geodata.domain.partition import Bools, Ints
from geodata.domain.roles import Scope
from geodata.errors import NotFound
from geodata.services import coverage, coverage_history
from geodata.services.coverage import Look

HEADLINES: Final = (
    *("grid_without_group", "building_without_group", "grid_without_worker", "grid_overloaded"),
)
"""The four kinds whose number leads the page."""
TREND_DAYS: Final = 30
_WEEK: Final = 7
_ROOM: Final = 0.004
"""Degrees around the middles of grids in which their ground lies, as a rule."""


@dataclass(frozen=True)
class Part:
    """One area with its figures: a street, a community or a grid."""

    code: str
    name: str
    parent: str
    figures: Mapping[str, int]

    def value(self, measure: Measure) -> float | None:
        """The measure here; None where there is no data."""
        below = self.figures[measure.below]
        return self.figures[measure.above] / below if below else None


def together(parts: Sequence[Part], code: str, name: str, workers: int | None = None) -> Part:
    """The figures of some areas as one, under a code and name.

    `workers` are the people who serve them, where somebody may serve several; else they add up.
    """
    sums = {key: sum(part.figures[key] for part in parts) for key in measures.FIGURES}
    return Part(code, name, "", sums if workers is None else {**sums, "workers": workers})


@dataclass(frozen=True)
class Area:
    """Where one looks: the ground, its code and name, and the areas above it, from the top."""

    ground: Ground
    code: str = ""
    name: str = ""
    tier: Tier | None = None
    above: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Report:
    """All that is known of the coverage of one's ground, looked at once."""

    frames: Frames
    gaps: Sequence[Gap]
    names: Mapping[str, str]

    def within(self, ground: Ground) -> list[Gap]:
        """The gaps on some ground, the weightiest first."""
        return coverage.on(ground, self.gaps)

    def with_their_grid(self, ground: Ground) -> int:
        """How many party groups serve too many, but are told of with their grid, which has too."""
        grids = self.frames.grids
        rows = party.with_their_grid(self.frames)
        return sum(ground.covers(grids.community[row], grids.code[row]) for row in rows)

    def parts(self, tier: Tier, ground: Ground) -> list[Part]:
        """The areas of a tier on some ground, by code, with their figures."""
        table = measures.summed(self.frames, self.gaps, self._of_grids, tier)
        columns = {name: column.tolist() for name, column in table.columns.items()}
        return [
            Part(
                code,
                self.names.get(code, code),
                table.parents[n],
                {name: column[n] for name, column in columns.items()},
            )
            for n, code in enumerate(table.codes)
            if _lies_in(ground, tier, code, table.parents[n])
        ]

    def rest(self, tier: Tier, parts: Sequence[Part], ground: Ground) -> Part | None:
        """The open issues and the gaps on some ground that no part has; None without any.

        `parts` are those of a tier there; with what is told here they add up.
        """
        loose = self.frames.loose
        at = () if tier == "grid" else self.frames.street_of
        homes = enumerate(loose.community)
        own = [n for n, home in homes if ground.covers(home) and home not in at]
        told = {
            "open": len(own),
            "overdue": int(loose.late[own].sum()) if own else 0,
            "gaps": len(self.within(ground)) - sum(part.figures["gaps"] for part in parts),
        }
        if not any(told.values()):
            return None
        return Part("", "", "", {**dict.fromkeys(measures.FIGURES, 0), **told})

    def total(self, ground: Ground, code: str = "", name: str = "") -> Part:
        """The figures of all grids on some ground together, under a code and name."""
        here = self._on(ground)
        sums = {figure: int(column[here].sum()) for figure, column in self._of_grids.items()}
        return Part(code, name, "", {**sums, "workers": self.workers(ground)})

    def workers(self, ground: Ground) -> int:
        """How many people serve the grids on some ground."""
        return measures.workers(self.frames, self._on(ground))

    def box(self, ground: Ground) -> tuple[float, float, float, float] | None:
        """Where the middles of the grids on some ground lie, with room around: degrees."""
        grids, here = self.frames.grids, self._on(ground)
        lon, lat = grids.lon[here], grids.lat[here]
        if not len(lon):
            return None
        west, south, east, north = (float(f(v)) for f in (np.min, np.max) for v in (lon, lat))
        return west - _ROOM, south - _ROOM, east + _ROOM, north + _ROOM

    def _on(self, ground: Ground) -> Bools:
        grids = self.frames.grids
        pairs = zip(grids.community, grids.code, strict=True)
        return np.array([ground.covers(*pair) for pair in pairs], dtype=bool)

    @cached_property
    def _of_grids(self) -> Mapping[str, Ints]:
        return measures.of_grids(self.frames.grids, self.gaps, self.frames.norms)

    def measures(self) -> list[Measure]:
        """The measures by which its maps are coloured."""
        return measures.measures(self.frames.norms)


def report(
    session: Session,
    now: datetime,
    reach: Ground,
    known: Look | None = None,
    *,
    english: bool = False,
) -> Report:
    """The coverage of one's ground; judged over the whole district, shown where one may look.

    `known` is a look at the present, where one was taken already; with `english` streets and
    communities have their English names, where there are such.
    """
    look = known or coverage.look(session, now)
    grids, gaps = look.frames.grids, coverage.own(reach, look.gaps)
    names = dict(zip(grids.code, grids.name, strict=True))
    tree = areas.tree(session)
    for row in tree:
        names |= {row["street_code"]: row["street"], row["code"]: row["name"]}
    if english:
        told: dict[str, str] = {}
        for row in tree:
            told |= {row["street_code"]: row["street_en"], row["code"]: row["name_en"]}
        told = {code: name for code, name in told.items() if name}
        gaps = [replace(gap, name=told[gap.code]) if gap.code in told else gap for gap in gaps]
        names |= told
    return Report(look.frames, gaps, names)


def area(session: Session, seen: Report, reach: Ground, code: str) -> Area:
    """The area of a code, as far as it lies on one's ground; all of that without a code.

    Raises NotFound ``no_area`` where no part of it does.
    """
    if not code:
        return Area(reach)
    grids = seen.frames.grids
    ground = _both(reach, scoping.resolved(session, Scope((code,))), grids)
    if code not in seen.names or not ground:
        raise NotFound("no_area", area=code)
    tier, above = _placed(seen.frames, code)
    path = [(one, seen.names[one]) for one in above]
    return Area(ground, code, seen.names[code], tier, path)


def _placed(frames: Frames, code: str) -> tuple[Tier, list[str]]:
    """The tier of a code, and the codes above it from the top."""
    grids = frames.grids
    if code in grids.code:
        row = grids.code.index(code)
        return "grid", [grids.street[row], grids.community[row]]
    if code in frames.street_of:
        return "community", [frames.street_of[code]]
    return "street", []


@dataclass(frozen=True)
class Headline:
    """One of the four numbers: how many gaps of a kind now, and at the end of each day before.

    `days` end with the present; `first` is the first of them, empty without any.
    """

    kind: str
    count: int
    days: Sequence[int]
    first: str = ""

    @property
    def change(self) -> int | None:
        """How many more than at the end of the first day; None where that is today."""
        return self.count - self.days[0] if len(self.days) > 1 else None

    @property
    def week(self) -> int | None:
        """How many more than at the end of the day a week ago; None where that was not kept."""
        return self.count - self.days[-1 - _WEEK] if len(self.days) > _WEEK else None


def headlines(
    session: Session, found: Sequence[Gap], ground: Ground, now: datetime, zone: str
) -> list[Headline]:
    """The four numbers of an area with their trend over `TREND_DAYS` days."""
    counts = Counter(gap.kind for gap in found)
    rows = coverage_history.by_day(session, ground, now, TREND_DAYS, zone)
    days = coverage_history.days(session, now, TREND_DAYS, zone)
    open_then = {(row["kind"], row["day"]): row["open"] for row in rows}
    return [
        Headline(
            *(kind, counts[kind]),
            [*(open_then.get((kind, day), 0) for day in days[:-1]), counts[kind]],
            days[0] if days else "",
        )
        for kind in HEADLINES
    ]


def _lies_in(ground: Ground, tier: Tier, code: str, parent: str) -> bool:
    if ground.whole:
        return True
    if tier == "street":
        return code in ground.streets
    return ground.covers(code) if tier == "community" else ground.covers(parent, code)


def _both(one: Ground, other: Ground, grids: Grids) -> Ground:
    """The ground that lies within both."""
    if one.whole or other.whole:
        return other if one.whole else one
    home = dict(zip(grids.code, grids.community, strict=True))
    number = dict(zip(grids.code, grids.id.tolist(), strict=True))
    single = [code for code in one.grid_codes | other.grid_codes if code in home]
    within = [c for c in single if one.covers(home[c], c) and other.covers(home[c], c)]
    return Ground(
        streets=one.streets & other.streets,
        communities=one.communities & other.communities,
        grids=frozenset(number[code] for code in within),
        grid_codes=frozenset(within),
    )
