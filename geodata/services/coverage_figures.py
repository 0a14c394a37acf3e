"""The figures of every grid, kept by day, so that an earlier day can be laid beside today."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from geodata.db import coverage_figures
from geodata.db.scoping import Ground
from geodata.domain.coverage import measures, people
from geodata.domain.coverage.frames import Frames
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.measures import Tier
from geodata.services.coverage_report import Part

_LOOSE: Final = {"gaps": "loose", "open": "loose_open", "overdue": "loose_overdue"}
"""Under which names it is kept what lies in none of a community's grids, by figure."""
_NOTHING: Final = {"codes": [], "street": "", "figures": {name: [] for name in measures.FIGURES}}
"""What is kept of a community that is no more, or of no community where nothing lies there."""
DAYS: Final = 400
"""How long every day is kept; of what is older, the end of each month."""


def keep(
    session: Session, frames: Frames, found: Sequence[Gap], now: datetime, zone: tzinfo
) -> int:
    """Keep the figures of those communities in which any differs from the last ones; how many."""
    today = now.astimezone(zone).date()
    known = coverage_figures.as_of(session, today)
    present = _told(frames, found)
    rows = [
        {"community_code": code, "grids": one}
        for code, one in {**dict.fromkeys(known, _NOTHING), **present}.items()
        if known.get(code, _NOTHING) != one
    ]
    coverage_figures.keep(session, today, rows)
    coverage_figures.thin(session, today, DAYS)
    return len(rows)


def first(session: Session) -> date | None:
    """The first day of which anything is known."""
    return coverage_figures.first(session)


@dataclass(frozen=True)
class Day:
    """The areas of a day, what lay in none of them, and how many people served them."""

    parts: Sequence[Part]
    rest: Part | None
    workers: int


def on_day(
    session: Session, day: date, names: Mapping[str, str], tier: Tier, ground: Ground
) -> Day:
    """The areas of a tier on some ground as they were at the end of a day."""
    sums, parents = defaultdict[str, Counter[str]](Counter), dict[str, str]()
    serve: list[tuple[str, int]] = []
    for community, told in sorted(coverage_figures.as_of(session, day).items()):
        of_row = _by_row(told.get("shared", ()))
        area = {"community": community, "street": str(told["street"])}
        for n, grid in enumerate(told["codes"]):
            if not ground.covers(community, grid):
                continue
            code = area.get(tier, grid)
            parents[code] = {"grid": community, "community": area["street"], "street": ""}[tier]
            sums[code].update({name: told["figures"][name][n] for name in measures.FIGURES})
            serve += [(code, who) for who in of_row[n]]
        loose = {name: told[key] for name, key in _LOOSE.items() if key in told}
        if loose and ground.covers(community):
            code = area.get(tier, "") if community else ""
            parents.setdefault(code, area["street"] if tier == "community" else "")
            sums[code].update(loose)
    again = len(serve) - len({who for _, who in serve})
    workers = sum(figures["workers"] for figures in sums.values()) - again
    for (code, _), times in Counter(serve).items():
        sums[code]["workers"] -= times - 1
    parts = {code: _part(code, names, parents[code], told) for code, told in sums.items()}
    rest = parts.pop("", None)
    return Day(list(parts.values()), rest, workers)


def _part(code: str, names: Mapping[str, str], parent: str, told: Mapping[str, int]) -> Part:
    figures = {name: int(told[name]) for name in measures.FIGURES}
    return Part(code, names.get(code, code), parent, figures)


def _by_row(shared: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    found = defaultdict[int, list[int]](list)
    for who, row in shared:
        found[row].append(who)
    return found


def _told(frames: Frames, found: Sequence[Gap]) -> dict[str, dict[str, Any]]:
    """What is kept of each community, and under "" of what lies in none."""
    table = measures.table(frames, found, "grid")
    shared, loose = _shared(frames), measures.in_no_grid(frames, found)
    grids, told = frames.grids, dict[str, dict[str, Any]]()
    nowhere = np.zeros(0, dtype=np.int64)
    for code, street in {**frames.street_of, "": ""}.items():
        rows = grids.within.get(code, nowhere)
        figures = {name: column[rows].tolist() for name, column in table.columns.items()}
        codes = [grids.code[n] for n in rows.tolist()]
        told[code] = {"codes": codes, "street": street, "figures": figures}
        told[code] |= {_LOOSE[name]: count for name, count in loose.get(code, {}).items()}
        if held := [(who, n) for n, row in enumerate(rows.tolist()) for who in shared[row]]:
            told[code]["shared"] = sorted(map(list, held))
    return told


def _shared(frames: Frames) -> Mapping[int, list[int]]:
    """Those who serve several grids, by the row of each grid."""
    who, rows = people.places(frames.grids, frames.posts)
    several = {one for one, count in Counter(who.tolist()).items() if count > 1}
    pairs = zip(who.tolist(), rows.tolist(), strict=True)
    return _by_row(pair for pair in pairs if pair[0] in several)
