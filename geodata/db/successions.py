"""Who follows whom when grids are no more, kept so that it can be taken back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, delete, func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from geodata.db.tables import joint_group, notice, party_org

_REVIVED: Final = text("""
    insert into post (worker_id, grid_id, duty, during, deputy_for)
    select old.worker_id, old.grid_id, old.duty, tstzrange(:at, ended.until), old.deputy_for
    from jsonb_to_recordset(cast(:posts as jsonb)) as ended(id integer, until timestamptz)
    join post old on old.id = ended.id
    where (ended.until is null or ended.until > :at)
        and not exists (
            select from post later
            where later.worker_id = old.worker_id and lower(later.during) >= upper(old.during)
                and later.during @> cast(:at as timestamptz))
    returning id
""")

_JOINED: Final = text("""
    insert into joint_group (grid_id, group_id, since)
    select told.grid_id, told.group_id, told.since
    from jsonb_to_recordset(cast(:rows as jsonb))
        as told(grid_id integer, group_id integer, since timestamptz)
    join party_org on party_org.id = told.group_id
    where not exists (
        select from party_org as own where own.grid_id = told.grid_id and own.tier = 'group')
    on conflict do nothing returning joint_group.grid_id
""")


def owned(session: Session, ids: Sequence[int]) -> Sequence[RowMapping]:
    """The party organisations that some grids own: id, grid_id."""
    query = select(party_org.c.id, party_org.c.grid_id).where(party_org.c.grid_id.in_(list(ids)))
    return session.execute(query.order_by(party_org.c.id)).mappings().all()


def give_back(session: Session, group: int, heir: int, grid_id: int) -> bool:
    """Give a party organisation back to a grid, if the heir still has it."""
    here = (party_org.c.id == group) & (party_org.c.grid_id == heir)
    done = session.execute(
        update(party_org).where(here).values(grid_id=grid_id).returning(party_org.c.id)
    )
    return done.first() is not None


def joint(session: Session, grids: Iterable[int]) -> Sequence[RowMapping]:
    """Which of some grids were given to a group of another one: grid_id, group_id."""
    told = joint_group.c
    query = select(told.grid_id, told.group_id).where(told.grid_id.in_(list(grids)))
    return session.execute(query.order_by(told.grid_id)).mappings().all()


def owners(session: Session, grids: Iterable[int]) -> list[int]:
    """Which of some grids own a party group."""
    here = party_org.c.grid_id.in_(list(grids)), party_org.c.tier == "group"
    return [
        int(one) for one in session.scalars(select(party_org.c.grid_id).where(*here).distinct())
    ]


def end_joint(session: Session, groups: Mapping[int, int]) -> dict[int, datetime]:
    """Grids are not given to those groups any more; since when each was that is no more."""
    pairs = tuple_(joint_group.c.grid_id, joint_group.c.group_id).in_(list(groups.items()))
    gone = delete(joint_group).where(pairs).returning(joint_group.c.grid_id, joint_group.c.since)
    return {int(row.grid_id): row.since for row in session.execute(gone)} if groups else {}


def make_joint(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Give grids to groups (grid_id, group_id, since); how many: not those that have one."""
    if not rows:
        return 0
    return len(session.execute(_JOINED, {"rows": json.dumps(list(rows), default=str)}).all())


def revive(session: Session, posts: str, at: datetime) -> int:
    """Posts that ended (JSON: id, and until when they would have gone on) begin anew.

    Not those whose worker has taken up another post since. How many did.
    """
    return len(session.execute(_REVIVED, {"posts": posts, "at": at}).all())


def tell(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep notices to workers: worker_id, kind, plan_id, at, detail."""
    if rows:
        session.execute(insert(notice), list(rows))


def notices(session: Session, worker: int, limit: int) -> Sequence[RowMapping]:
    """The notices to a worker, the newest first: id, kind, at, detail, seen_at."""
    query = select(notice.c.id, notice.c.kind, notice.c.at, notice.c.detail, notice.c.seen_at)
    newest = query.where(notice.c.worker_id == worker).order_by(notice.c.at.desc()).limit(limit)
    return session.execute(newest).mappings().all()


def unseen(session: Session, worker: int) -> int:
    """How many notices a worker has not seen."""
    here = (notice.c.worker_id == worker) & notice.c.seen_at.is_(None)
    return int(session.scalar(select(func.count()).where(here)) or 0)


def see(session: Session, worker: int, at: datetime) -> int:
    """All notices to a worker are seen; how many were new."""
    here = (notice.c.worker_id == worker) & notice.c.seen_at.is_(None)
    seen = update(notice).where(here).values(seen_at=at).returning(notice.c.id)
    return len(session.execute(seen).all())
