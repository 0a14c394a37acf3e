"""Jobs that suggest grids, and what they are made from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, text, update
from sqlalchemy.orm import Session, aliased

from geodata.db.queue import UNFINISHED
from geodata.db.scoping import Ground, within
from geodata.db.tables import building, grid, road, suggestion_job

_MINE: Final = text("select pg_try_advisory_xact_lock(20265, :number)")
_SHOWN: Final = tuple(one for one in suggestion_job.c if one.name not in ("found", "base"))


def add(session: Session, values: Mapping[str, Any]) -> int:
    """The id of a new job."""
    new = insert(suggestion_job).values(**values).returning(suggestion_job.c.id)
    return int(session.scalars(new).one())


def get(session: Session, public_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """A job with all that it found."""
    query = select(suggestion_job).where(suggestion_job.c.public_id == public_id)
    return session.execute(query.with_for_update() if lock else query).mappings().first()


def by_id(session: Session, number: int) -> RowMapping:
    """A job that is there."""
    query = select(suggestion_job).where(suggestion_job.c.id == number)
    return session.execute(query).mappings().one()


def state(session: Session, number: int) -> str:
    """The state of a job as it is committed now."""
    query = select(suggestion_job.c.state).where(suggestion_job.c.id == number)
    return str(session.scalars(query).one())


def listing(
    session: Session, ground: Ground, community: str | None, limit: int
) -> Sequence[RowMapping]:
    """The newest jobs on some ground, without what they found."""
    query = select(*_SHOWN).where(within(ground, suggestion_job.c.community_code))
    if community is not None:
        query = query.where(suggestion_job.c.community_code == community)
    newest = query.order_by(suggestion_job.c.id.desc()).limit(limit)
    return session.execute(newest).mappings().all()


def unfinished(session: Session, community: str) -> int:
    """How many jobs of a community wait or are at work."""
    here = suggestion_job.c.community_code == community
    query = select(func.count()).where(here, suggestion_job.c.state.in_(UNFINISHED))
    return int(session.scalar(query) or 0)


def taken(session: Session) -> int | None:
    """The oldest unfinished job that no other session has, which is this one's until commit."""
    query = select(suggestion_job.c.id).where(suggestion_job.c.state.in_(UNFINISHED))
    for number in session.scalars(query.order_by(suggestion_job.c.id)).all():
        if session.scalar(_MINE, {"number": number}):
            return int(number)
    return None


def advance(session: Session, number: int, values: Mapping[str, Any]) -> bool:
    """Write a job's progress, unless it was called off; whether it goes on."""
    here = (suggestion_job.c.id == number) & suggestion_job.c.state.in_(UNFINISHED)
    done = update(suggestion_job).where(here).values(**values).returning(suggestion_job.c.id)
    return session.execute(done).first() is not None


def forget(session: Session, before: datetime) -> int:
    """Let go of what was found before a moment; how many jobs."""
    old = (suggestion_job.c.finished_at < before) & suggestion_job.c.found.is_not(None)
    done = update(suggestion_job).where(old).values(found=None).returning(suggestion_job.c.id)
    return len(session.execute(done).all())


def houses(session: Session, community: str) -> Sequence[RowMapping]:
    """The houses of a community, by code.

    Keys: code, outline, door, households, residents, and None where it has none of them: courtyard
    (the code of the one that it stands in), group (the id of its party group), grid (the code).
    """
    yard = aliased(building)
    query = (
        select(
            *(building.c.code, building.c.outline, building.c.door),
            *(building.c.households, building.c.residents),
            yard.c.code.label("courtyard"),
            building.c.party_group_id.label("group"),
            grid.c.code.label("grid"),
        )
        .outerjoin(yard, yard.c.id == building.c.courtyard_id)
        .outerjoin(grid, grid.c.id == building.c.grid_id)
        .where(building.c.community_code == community, building.c.kind == "building")
        .order_by(building.c.code)
    )
    return session.execute(query).mappings().all()


def roads(session: Session, box: Sequence[float]) -> Sequence[RowMapping]:
    """The roads that meet a box (west, south, east, north in degrees): kind, shape."""
    around = func.ST_MakeEnvelope(*box, 4326)
    query = select(road.c.kind, road.c.shape).where(road.c.shape.op("&&")(around))
    return session.execute(query.order_by(road.c.id)).mappings().all()
