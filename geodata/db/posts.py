"""Grids with those who serve them: posts of the present, to come and gone by, and the workers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import Range, aggregate_order_by
from sqlalchemy.orm import Session

from geodata.db import scoping, tables
from geodata.db.scoping import Ground

_grid, _post, _worker = tables.grid.c, tables.post.c, tables.grid_worker.c
_community, _account = tables.community.c, tables.account.c

BARE, HEADLESS, LED = range(3)
"""How a grid stands: without anybody, without a head, with one; the first are listed first."""

Place = tuple[int, str]
"""Behind which row a list goes on: how its grid stands, and the grid's code."""


def _served(now: datetime) -> Any:
    """By grid: how many stand in it now, and how many of them as its head."""
    heads = func.count().filter(_post.duty == "lead")
    return (
        select(_post.grid_id, func.count().label("posts"), heads.label("heads"))
        .where(_post.during.contains(now))
        .group_by(_post.grid_id)
        .subquery("served")
    )


def _is_named(said: str, now: datetime) -> ColumnElement[bool]:
    """Whether a grid, its community or one who stands in it is called so."""
    holder = (
        select(_post.grid_id)
        .join(tables.grid_worker, _worker.id == _post.worker_id)
        .where(_post.during.contains(now), _worker.name.contains(said, autoescape=True))
    )
    return or_(
        _grid.code.startswith(said, autoescape=True),
        _grid.name.contains(said, autoescape=True),
        _community.name.contains(said, autoescape=True),
        _grid.id.in_(holder),
    )


def _grids(ground: Ground, now: datetime, said: str, community: str) -> Select[Any]:
    served = _served(now)
    rank = case((served.c.heads > 0, LED), (served.c.posts > 0, HEADLESS), else_=BARE)
    wanted = [
        *(_grid.retired_at.is_(None), _grid.kind != "uncovered", _grid.code.is_not(None)),
        scoping.within(ground, _grid.community_code, _grid.id),
        _is_named(said, now) if said else true(),
        _grid.community_code == community if community else true(),
    ]
    return (
        select(
            *(_grid.id, _grid.code, _grid.name, _grid.community_code, rank.label("rank")),
            _community.name.label("community"),
        )
        .join(tables.community, _community.code == _grid.community_code)
        .outerjoin(served, served.c.grid_id == _grid.id)
        .where(*wanted)
    )


def grids(
    session: Session,
    ground: Ground,
    now: datetime,
    *,
    said: str,
    community: str,
    after: Place | None,
    limit: int,
) -> Sequence[RowMapping]:
    """Grids of the present with how they stand, those without anybody first."""
    found = _grids(ground, now, said, community).subquery()
    query = select(found).order_by(found.c.rank, found.c.code).limit(limit)
    if after is not None:
        query = query.where(tuple_(found.c.rank, found.c.code) > after)
    return session.execute(query).mappings().all()


def counted(
    session: Session, ground: Ground, now: datetime, *, said: str, community: str
) -> dict[int, int]:
    """How many of the same grids stand how."""
    found = _grids(ground, now, said, community).subquery()
    query = select(found.c.rank, func.count()).group_by(found.c.rank)
    return {int(rank): int(count) for rank, count in session.execute(query)}


def communities(session: Session, ground: Ground) -> Sequence[RowMapping]:
    """The communities that have grids on some ground: code, name."""
    query = (
        select(_community.code, _community.name)
        .where(
            _community.code.in_(
                select(_grid.community_code).where(
                    scoping.within(ground, _grid.community_code, _grid.id)
                )
            )
        )
        .order_by(_community.code)
    )
    return session.execute(query).mappings().all()


def grid(session: Session, code: str, *, hold: bool) -> RowMapping | None:
    """A grid of the present; held until commit where one at a time is to appoint in it."""
    query = (
        select(
            *(_grid.id, _grid.code, _grid.name, _grid.community_code),
            *(_community.name.label("community"), tables.street.c.name.label("street")),
        )
        .join(tables.community, _community.code == _grid.community_code)
        .join(tables.street, tables.street.c.code == _community.street_code)
        .where(_grid.code == code, _grid.retired_at.is_(None), _grid.kind != "uncovered")
    )
    if hold:
        query = query.with_for_update(of=tables.grid, key_share=True)
    return session.execute(query).mappings().first()


def _posts() -> Select[Any]:
    absent = tables.grid_worker.alias("absent")
    return (
        select(
            *(_post.id, _post.worker_id, _post.grid_id, _post.duty, _post.deputy_for),
            func.lower(_post.during).label("since"),
            func.upper(_post.during).label("until"),
            _worker.name.label("name"),
            absent.c.name.label("absent"),
            *(_grid.code.label("grid_code"), _grid.name.label("grid_name"), _grid.community_code),
            *(_account.public_id.label("account"), _account.login),
        )
        .join(tables.grid_worker, _worker.id == _post.worker_id)
        .join(tables.grid, _grid.id == _post.grid_id)
        .outerjoin(absent, absent.c.id == _post.deputy_for)
        .outerjoin(tables.account, _account.worker_id == _post.worker_id)
        .order_by(_post.duty.desc(), func.lower(_post.during), _post.id)
    )


_IS_OPEN: Final = func.upper_inf(_post.during)


def of_grids(session: Session, numbers: Sequence[int], now: datetime) -> Sequence[RowMapping]:
    """The posts of grids (by id) that stand now or are to come, heads first."""
    lasts = or_(_IS_OPEN, func.upper(_post.during) > now)
    query = _posts().where(_post.grid_id.in_(list(numbers)), lasts)
    return session.execute(query).mappings().all()


def turned(session: Session, code: str, since: datetime) -> bool:
    """Whether a post in a grid (code) has begun or ended between a moment and the present."""
    now = func.clock_timestamp()
    ends = (func.lower(_post.during), func.upper(_post.during))
    within = or_(*(and_(end > since, end <= now) for end in ends))
    query = select(exists().where(_post.grid_id == _grid.id, _grid.code == code, within))
    return bool(session.scalar(query))


def gone(session: Session, grid_id: int, now: datetime, limit: int) -> Sequence[RowMapping]:
    """The posts of a grid that have ended, the last ones first."""
    over = and_(~_IS_OPEN, func.upper(_post.during) <= now)
    query = _posts().where(_post.grid_id == grid_id, over).order_by(None)
    latest = query.order_by(func.upper(_post.during).desc(), _post.id).limit(limit)
    return session.execute(latest).mappings().all()


def of_worker(session: Session, number: int) -> Sequence[RowMapping]:
    """All posts that a worker has or had, the last ones first."""
    query = _posts().where(_post.worker_id == number).order_by(None)
    return (
        session.execute(query.order_by(func.lower(_post.during).desc(), _post.id)).mappings().all()
    )


def one(session: Session, number: int) -> RowMapping | None:
    """A post with its grid and worker."""
    return session.execute(_posts().where(_post.id == number)).mappings().first()


def workers(
    session: Session, ground: Ground, now: datetime, *, said: str, near: str, limit: int
) -> Sequence[RowMapping]:
    """Workers who have or had a post on some ground, those of a community first, then by name.

    Of the whole also those who never had one. With the grids that they serve there now, and how
    many they serve altogether.
    """
    here = scoping.within(ground, _grid.community_code, _grid.id)
    stands = _post.during.contains(now)
    comma = aggregate_order_by(literal("、"), _grid.code)
    told = (
        select(
            _post.worker_id,
            func.string_agg(_grid.name, comma).filter(here & stands).label("serves"),
            func.count().filter(stands).label("posts"),
            func.bool_or(here).label("known"),
            func.bool_or(_grid.community_code == near).label("near"),
        )
        .join(tables.grid, _grid.id == _post.grid_id)
        .group_by(_post.worker_id)
        .subquery("told")
    )
    is_near = func.coalesce(told.c.near, False)
    query = (
        select(
            *(_worker.id, _worker.name, told.c.serves),
            func.coalesce(told.c.posts, 0).label("posts"),
        )
        .outerjoin(told, told.c.worker_id == _worker.id)
        .where(true() if ground.whole else told.c.known)
        .where(_worker.name.contains(said, autoescape=True) if said else true())
        .order_by(is_near.desc(), func.coalesce(told.c.posts, 0) > 0, _worker.name, _worker.id)
        .limit(limit)
    )
    return session.execute(query).mappings().all()


def worker(session: Session, number: int) -> RowMapping | None:
    """A worker with the account, if there is one."""
    query = (
        select(_worker.id, _worker.name, _account.public_id.label("account"), _account.login)
        .outerjoin(tables.account, _account.worker_id == _worker.id)
        .where(_worker.id == number)
    )
    return session.execute(query).mappings().first()


def add_worker(session: Session, name: str) -> int:
    """Store a new worker; gives the number."""
    new = insert(tables.grid_worker).values(name=name).returning(_worker.id)
    return int(session.execute(new).scalar_one())


def add(session: Session, grid_id: int, given: Mapping[str, Any]) -> int:
    """Store a post; `given` has worker_id, duty, since, until and deputy_for."""
    values = {name: given[name] for name in ("worker_id", "duty", "deputy_for")}
    during = Range(given["since"], given["until"])
    new = insert(tables.post).values(grid_id=grid_id, during=during, **values)
    return int(session.execute(new.returning(_post.id)).scalar_one())


def end(session: Session, number: int, at: datetime) -> None:
    """Let a post end at a moment."""
    ended = func.tstzrange(func.lower(_post.during), at)
    session.execute(update(tables.post).where(_post.id == number).values(during=ended))


def remove(session: Session, number: int) -> None:
    """Take back a post that never began."""
    session.execute(delete(tables.post).where(_post.id == number))
