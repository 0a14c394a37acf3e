"""The figures of every grid, kept by day, so that an earlier day can be laid beside today."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
DAYS: Final = 400
"""How long every day is kept; of what is older, the end of each month."""


def keep(
    session: Session, frames: Frames, found: Sequence[Gap], now: datetime, zone: tzinfo
) -> int:
    """Keep the figures of those communities in which any differs from the last ones; how many."""
    today = now.astimezone(zone).date()
    known = coverage_figures.as_of(session, today)
    rows = [
        {"community_code": code, "grids": told}
        for code, told in _told(frames, found).items()
        if known.get(code) != told
    ]
    coverage_figures.keep(session, today, rows)
    coverage_figures.thin(session, today, DAYS)
    return len(rows)


def first(session: Session) -> date | None:
    """The first day of which anything is known."""
    return coverage_figures.first(session)


def on_day(
    session: Session, day: date, names: Mapping[str, str], tier: Tier, ground: Ground
) -> tuple[list[Part], int]:
    """The areas of a tier on some ground at the end of a day, and how many people served them."""
    sums: dict[str, dict[str, int]] = {}
    parents: dict[str, str] = {}
    serve: list[tuple[str, int]] = []
    for community, told in sorted(coverage_figures.as_of(session, day).items()):
        of_row = _by_row(told.get("shared", ()))
        area = {"community": community, "street": str(told["street"])}
        for n, grid in enumerate(told["codes"]):
            if not ground.covers(community, grid):
                continue
            code = area.get(tier, grid)
            parents[code] = {"grid": community, "community": area["street"], "street": ""}[tier]
            old = sums.setdefault(code, dict.fromkeys(measures.FIGURES, 0))
            for name in measures.FIGURES:
                old[name] += int(told["figures"][name][n])
            serve += [(code, who) for who in of_row[n]]
        if tier != "grid" and ground.covers(community) and told["codes"]:
            for name, key in _LOOSE.items():
                sums[area[tier]][name] += int(told.get(key, 0))
    again = len(serve) - len({who for _, who in serve})
    workers = sum(figures["workers"] for figures in sums.values()) - again
    for (code, _), times in Counter(serve).items():
        sums[code]["workers"] -= times - 1
    parts = [Part(c, names.get(c, c), parents[c], figures) for c, figures in sums.items()]
    return parts, workers


def _by_row(shared: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    found = defaultdict[int, list[int]](list)
    for who, row in shared:
        found[row].append(who)
    return found


def _told(frames: Frames, found: Sequence[Gap]) -> dict[str, dict[str, Any]]:
    table = measures.table(frames, found, "grid")
    shared = _shared(frames)
    grids, told = frames.grids, dict[str, dict[str, Any]]()
    loose = _loose(frames, found)
    for code, rows in grids.within.items():
        figures = {name: column[rows].tolist() for name, column in table.columns.items()}
        codes = [grids.code[n] for n in rows.tolist()]
        street = grids.street[int(np.min(rows))]
        told[code] = {"codes": codes, "street": street, "figures": figures}
        for name, key in _LOOSE.items():
            if count := loose[name].get(code):
                told[code][key] = count
        if held := [(who, n) for n, row in enumerate(rows.tolist()) for who in shared[row]]:
            told[code]["shared"] = sorted(map(list, held))
    return told


def _loose(frames: Frames, found: Sequence[Gap]) -> Mapping[str, Mapping[str, int]]:
    """What lies in no grid, by figure and community."""
    gaps = measures.in_no_grid(frames.grids, found)
    homes = frames.loose.community
    late = [home for home, is_late in zip(homes, frames.loose.late, strict=True) if is_late]
    return {
        "gaps": {code: count for code, (_, count) in gaps.items()},
        "open": Counter(filter(None, homes)),
        "overdue": Counter(filter(None, late)),
    }


def _shared(frames: Frames) -> Mapping[int, list[int]]:
    """Those who serve several grids, by the row of each grid."""
    who, rows = people.places(frames.grids, frames.posts)
    several = {one for one, count in Counter(who.tolist()).items() if count > 1}
    pairs = zip(who.tolist(), rows.tolist(), strict=True)
    return _by_row(pair for pair in pairs if pair[0] in several)
