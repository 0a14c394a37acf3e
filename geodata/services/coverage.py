"""Coverage of the present: every gap there is, with its cause and what closes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from geodata.db import areas, coverage, coverage_state
from geodata.db import ground as land
from geodata.db.scoping import WHOLE, Ground
from geodata.domain.coverage import gaps, narrowing, renewal, walk
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


@dataclass(frozen=True)
class Lasting:
    """What changes with the ground, the posts and the groups alone, and the gaps in it.

    Its frames know nothing of issues. It holds from `since` until the next post begins or ends.
    """

    frames: Frames
    gaps: Sequence[Gap]
    since: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it is still so, if nobody wrote to the ground, the posts or the groups."""
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True)
class Look:
    """The district at a moment, and every gap there is, the weightiest first.

    `until` is when an issue becomes overdue, where that is known.
    """

    frames: Frames
    gaps: Sequence[Gap]
    until: datetime | None = None


def still(session: Session) -> Still:
    """What only changes with the ground; to be kept as long as that is the same."""
    return _still(session)


def _still(session: Session, ground: Ground = WHOLE) -> Still:
    return Still(_far(session, norms(session), ground), coverage.cut(session, ground))


def version(session: Session) -> tuple[str, str]:
    """Changes when what `still` tells may have changed, whichever program changed it."""
    return areas.version(session), areas.written(session)


def served(session: Session) -> tuple[str, str, str]:
    """Changes when what `lasting` tells may have changed, but for posts that begin and end."""
    return *version(session), coverage_state.served(session)


def snapshot(session: Session) -> str | None:
    """The same as long as nobody has written anything at all; None where the session has."""
    return coverage_state.snapshot(session)


def thin(session: Session) -> None:
    """Let the notes of who wrote to the ground take no more room than the versions need."""
    areas.thin(session)
    coverage_state.thin(session)


def lasting(session: Session, now: datetime, known: Still | None = None) -> Lasting:
    """What is to be kept until `served` changes; `known` is what `still` gave."""
    frames = _lasting(session, now, known or still(session))
    return Lasting(frames, gaps.lasting(frames), now, coverage_state.next_turn(session, now))


def look(session: Session, now: datetime, known: Lasting | None = None) -> Look:
    """The present with all its gaps; `known` is what `lasting` gave."""
    kept = known or lasting(session, now)
    frames = _with_issues(session, kept.frames, now)
    found = gaps.merged(kept.gaps, gaps.passing(frames, now))
    return Look(frames, found, coverage_state.next_due(session, now))


def frames(session: Session, now: datetime, known: Still | None = None) -> Frames:
    """What gaps are looked for in, as it stands now; `known` is what `still` gave."""
    return _with_issues(session, _lasting(session, now, known or still(session)), now)


def _lasting(session: Session, now: datetime, known: Still, ground: Ground = WHOLE) -> Frames:
    """The frames without issues; with `ground` those of its communities alone."""
    return Frames(
        grids=Grids.unreported(coverage.grids(session, now, ground)),
        buildings=Buildings.of_columns(coverage.buildings(session, ground)),
        groups=Groups.of_columns(coverage.groups(session, ground)),
        posts=Posts.of_columns(coverage.posts(session, now)),
        bare=[_bare(row) for row in coverage.bare(session)],
        still=known,
        norms=norms(session),
        parties=coverage.parties(session),
        homes={row["code"]: row["street_code"] for row in areas.tree(session)},
    )


def _with_issues(session: Session, known: Frames, now: datetime, ground: Ground = WHOLE) -> Frames:
    """The frames with what issues and files say of them; of `ground` alone where that is told."""
    reported = coverage.reported(session, now, ground)
    return replace(
        known,
        grids=known.grids.reported(reported),
        loose=Loose.of_columns(coverage.loose(session, now)),
        overlaps=[_overlap(row) for row in coverage.overlaps(session)],
        since=coverage.first_report(session),
    )


def again(session: Session, known: Look, communities: frozenset[str], now: datetime) -> Look:
    """The district after something happened in some communities alone, asked of no others.

    `known` is what it was before, a moment ago; `communities` are those concerned, as
    `neighbours` gives them. The same as looking at all of it.
    """
    ground = Ground(communities=communities)
    fresh = _lasting(session, now, _still(session, ground), ground)
    fresh = _with_issues(session, fresh, now, ground)
    frames = renewal.joined(known.frames, fresh, communities)
    return Look(frames, gaps.again(frames, known.gaps, communities, now))


def neighbours(session: Session, communities: Iterable[str]) -> frozenset[str]:
    """Some communities, and those whose buildings or groups they share."""
    return frozenset(communities) | coverage_state.sharing(session, communities)


def present(session: Session, now: datetime) -> list[Gap]:
    """All gaps of the present, the weightiest first."""
    return gaps.found(frames(session, now), now)


def to_close(session: Session, ground: Ground, key: tuple[str, str], now: datetime) -> Gap | None:
    """The gap of a kind and code on some ground, which nobody else closes until commit."""
    return next((gap for gap in held(session, ground, now) if gap.key == key), None)


def held(session: Session, ground: Ground, now: datetime) -> list[Gap]:
    """All gaps on some ground, of which nobody else closes any or redraws until commit."""
    land.hold(session)
    coverage.hold(session)
    return own(ground, present(session, now))


def on(ground: Ground, found: Iterable[Gap]) -> list[Gap]:
    """Those on some ground; what lies in no community is seen by those who see the whole."""
    if ground.whole:
        return list(found)
    return [gap for gap in found if ground.covers(gap.community, gap.grid)]


def own(reach: Ground, found: Iterable[Gap]) -> list[Gap]:
    """The same of one's own ground, beyond which nobody is named who could help."""
    there = on(reach, found)
    return there if reach.whole else [narrowing.within(gap, reach.covers) for gap in there]


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


def _far(session: Session, norms: Norms, ground: Ground) -> Sequence[Far]:
    stations = coverage.stations(session)
    if not stations:
        return ()
    homes = walk.Homes.of_columns(coverage.homes(session, ground))
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
