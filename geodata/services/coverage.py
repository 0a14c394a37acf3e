"""Coverage of the present: every gap there is, with its cause and what closes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from geodata.db import areas, coverage
from geodata.db.scoping import Ground
from geodata.domain.coverage import gaps, walk
from geodata.domain.coverage.frames import (
    Bare,
    Buildings,
    Far,
    Frames,
    Grids,
    Groups,
    Loose,
    Norms,
    Overlap,
    Posts,
    Still,
)
from geodata.domain.coverage.gap import Gap


def still(session: Session) -> Still:
    """What only changes with the ground; to be kept as long as that is the same."""
    return Still(_far(session, norms(session)), coverage.cut(session))


def version(session: Session) -> tuple[str, str]:
    """Changes when what `still` tells may have changed, whichever program changed it."""
    return areas.version(session), areas.written(session)


def thin(session: Session) -> None:
    """Let the notes of who wrote to the ground take no more room than the version needs."""
    areas.thin(session)


def frames(session: Session, now: datetime, known: Still | None = None) -> Frames:
    """What gaps are looked for in, as it stands now; `known` is what `still` gave."""
    return Frames(
        grids=Grids.of_columns(coverage.grids(session, now)),
        buildings=Buildings.of_columns(coverage.buildings(session)),
        groups=Groups.of_columns(coverage.groups(session)),
        posts=Posts.of_columns(coverage.posts(session, now)),
        loose=Loose.of_columns(coverage.loose(session, now)),
        bare=[_bare(row) for row in coverage.bare(session)],
        overlaps=[_overlap(row) for row in coverage.overlaps(session)],
        still=known or still(session),
        since=coverage.first_report(session),
        norms=norms(session),
        parties=coverage.parties(session),
    )


def present(session: Session, now: datetime) -> list[Gap]:
    """All gaps of the present, the weightiest first."""
    return gaps.found(frames(session, now), now)


def to_close(session: Session, ground: Ground, key: tuple[str, str], now: datetime) -> Gap | None:
    """The gap of a kind and code on some ground, which nobody else closes until commit."""
    return next((gap for gap in held(session, ground, now) if gap.key == key), None)


def held(session: Session, ground: Ground, now: datetime) -> list[Gap]:
    """All gaps on some ground, of which nobody else closes any until commit."""
    coverage.hold(session)
    return on(ground, present(session, now))


def on(ground: Ground, found: Iterable[Gap]) -> list[Gap]:
    """Those on some ground; what lies in no community is seen by those who see the whole."""
    return [gap for gap in found if ground.covers(gap.community, gap.grid)]


def plain(gap: Gap, zone: tzinfo | None = None) -> dict[str, Any]:
    """A gap as JSON holds it: kind, code, measure with its unit, cause, next action, place.

    Since when it is there is told in a zone, else as it is stored.
    """
    since = gap.since and gap.since.astimezone(zone or gap.since.tzinfo)
    return {
        "kind": gap.kind,
        "level": gap.level,
        "code": gap.code,
        "name": gap.name,
        "community": gap.community,
        "grid": gap.grid,
        "measure": round(gap.measure, 1),
        "unit": gap.unit,
        "households": gap.households,
        "weight": round(gap.weight, 1),
        "cause": gap.cause,
        "since": since and since.isoformat(),
        "next_action": gap.action,
        "facts": dict(gap.facts),
        "spot": gap.spot and [round(degree, 7) for degree in gap.spot],
    }


def norms(session: Session) -> Norms:
    """The norms of the district; the usual ones before a load."""
    told = coverage.norms(session)
    return Norms() if told is None else replace(Norms(), **told)


def _far(session: Session, norms: Norms) -> Sequence[Far]:
    stations = coverage.stations(session)
    if not stations:
        return ()
    homes = walk.Homes.of_columns(coverage.homes(session))
    return walk.too_far(homes, walk.Stations.of(stations), norms.walk_m)


def _bare(row: Any) -> Bare:
    plan = row["plan"] and str(row["plan"])
    return Bare(row["community"], row["name"], row["shape"], row["since"], plan)


def _overlap(row: Any) -> Overlap:
    told = row["facts"]
    spot = (float(told["lon"]), float(told["lat"]))
    return Overlap(
        *(row["file"], row["name"], row["row"], int(told["other"])),
        *(float(told["m2"]), spot, row["at"]),
    )
