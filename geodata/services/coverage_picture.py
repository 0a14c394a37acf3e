"""The picture of an area at a moment: gaps, measures, indicators and a map, all as numbers.

A page shows it as it is now, a report keeps it; both are written from the same picture, so that a
number of a report is the number of the screen at that moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.db import area_shapes, grids
from geodata.domain import span
from geodata.domain.coverage.frames import Norms
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.measures import Measure, Tier, measures
from geodata.domain.outline import Cells, Outline, Sketch, sketch
from geodata.services import coverage, coverage_report, indicators
from geodata.services.coverage_report import Headline, Part, Report, together
from geodata.services.indicators import BELOW, Asked, Board, Row

MOST_GAPS: Final = 5_000
"""Gaps that are kept one by one; the others are counted."""
_FINE: Final = 0.4


@dataclass(frozen=True)
class Picture:
    """An area at a moment.

    `revision` is the version of the boundaries, `kinds` how many gaps there are of each kind,
    `gaps` the weightiest of them in plain form, `tier` that of its `parts` and of the `map`;
    `rest` is what lies in none of the parts; `workers` are the people who serve them, None in
    what was kept when each grid counted its own.
    """

    code: str
    name: str
    above: Sequence[tuple[str, str]]
    moment: datetime
    revision: int
    norms: Norms
    tier: Tier
    parts: Sequence[Part]
    kinds: Mapping[str, int]
    gaps: Sequence[Mapping[str, Any]]
    headlines: Sequence[Headline]
    board: Board
    map: Sketch
    rest: Part | None = None
    workers: int | None = None

    @cached_property
    def whole(self) -> Part:
        """The figures of all its parts together, with what lies in none of them."""
        parts = [*self.parts, *([self.rest] if self.rest else [])]
        sums = together(parts, self.code, self.name, self.workers)
        return replace(sums, figures={**sums.figures, "gaps": sum(self.kinds.values())})

    @cached_property
    def measures(self) -> list[Measure]:
        """The measures by which areas are judged."""
        return measures(self.norms)


def taken(session: Session, report: Report, asked: Asked, zone: str) -> Picture:
    """The picture of an area now."""
    area, found = asked.area, report.within(asked.area.ground)
    tier = BELOW[area.tier]
    parts = report.parts(tier, area.ground)
    shapes = ground(session, tier, [part.code for part in parts])
    return Picture(
        *(area.code, area.name, area.above, asked.now, grids.revision(session)),
        *(report.frames.norms, tier, parts, Counter(gap.kind for gap in found)),
        [coverage.plain(gap) for gap in found[:MOST_GAPS]],
        coverage_report.headlines(session, found, area.ground, asked.now, zone),
        indicators.board(session, report, asked),
        sketch([Cells(shapes)], _FINE)[0],
        report.rest(tier, parts, area.ground),
        report.workers(area.ground),
    )


def ground(session: Session, tier: Tier, codes: Sequence[str]) -> dict[str, BaseGeometry]:
    """The ground of areas of a tier now by code, in degrees."""
    return area_shapes.of(session, tier, codes)


def revision(session: Session) -> int:
    """The version of the boundaries now."""
    return grids.revision(session)


def plain(picture: Picture) -> dict[str, Any]:
    """The picture as JSON holds it."""
    board = picture.board
    return {
        **{name: getattr(picture, name) for name in _ALIKE},
        "moment": picture.moment.isoformat(),
        "norms": asdict(picture.norms),
        "kinds": dict(picture.kinds),
        "parts": [asdict(part) for part in picture.parts],
        "headlines": [asdict(one) for one in picture.headlines],
        "span": board.span.name,
        "rows": [asdict(row) for row in board.rows],
        "trend": [asdict(row) for row in board.trend],
        "long": [asdict(row) for row in board.long],
        "map": asdict(picture.map),
        "rest": picture.rest and asdict(picture.rest),
        "rest_row": board.rest and asdict(board.rest),
        "begun": board.begun and board.begun.isoformat(),
    }


_ALIKE: Final = ("code", "name", "above", "revision", "tier", "gaps", "workers")


def read(told: Mapping[str, Any], zone: tzinfo) -> Picture:
    """What `plain` gave."""
    moment = datetime.fromisoformat(told["moment"])
    names = ("rows", "trend", "long")
    rows, trend, long = ([Row(**row) for row in told[name]] for name in names)
    drawn = told["map"]
    outlines = {code: Outline(**one) for code, one in drawn["outlines"].items()}
    return Picture(
        *(told["code"], told["name"], [(code, name) for code, name in told["above"]], moment),
        *(told["revision"], Norms(**told["norms"]), told["tier"]),
        [Part(**part) for part in told["parts"]],
        *(told["kinds"], told["gaps"], [Headline(**one) for one in told["headlines"]]),
        Board(
            *(span.named(told["span"]), "area", moment.astimezone(zone), rows, trend, long),
            Row(**told["rest_row"]) if told.get("rest_row") else None,
            date.fromisoformat(told["begun"]) if told.get("begun") else None,
        ),
        Sketch(drawn["width"], drawn["height"], outlines),
        Part(**told["rest"]) if told.get("rest") else None,
        told.get("workers"),
    )


def renamed(picture: Picture, names: Mapping[str, str]) -> Picture:
    """The same picture with its areas by other names, for those codes that have one."""
    board = picture.board
    rows, long = (
        [replace(row, name=names.get(row.code, row.name)) for row in some]
        for some in (board.rows, board.long)
    )
    return replace(
        picture,
        name=names.get(picture.code, picture.name),
        above=[(code, names.get(code, name)) for code, name in picture.above],
        parts=[replace(part, name=names.get(part.code, part.name)) for part in picture.parts],
        board=replace(board, rows=rows, long=long),
    )


def gap(told: Mapping[str, Any]) -> Gap:
    """A gap in plain form as a gap again, but for its ground."""
    since, spot = told["since"], told["spot"]
    return Gap(
        *(told["kind"], told["code"], told["measure"], told["cause"], told["next_action"]),
        *(told["community"], told["grid"], told["name"], told["households"]),
        spot=(spot[0], spot[1]) if spot else None,
        since=datetime.fromisoformat(since) if since else None,
        facts=told["facts"],
    )
