"""What others did with somebody's plans, and which plans wait for whom."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground, within
from geodata.db.tables import plan_reading, redraw_plan

_LATEST: Final = text("""
    select plan.public_id as plan, plan.name, move.move, move.actor as by, move.at, move.remarks,
        move.due_at
    from redraw_move move join redraw_plan plan on plan.id = move.plan_id
    where plan.author = :login and plan.state <> 'discarded' and move.at > :since
        and (move.move = 'conflict'
            or move.actor <> :login and move.move in ('return', 'approve', 'schedule', 'publish'))
    union all
    select plan.public_id, plan.name, 'rollback', taker.published_by, taker.published_at, '', null
    from redraw_plan taker join redraw_plan plan on plan.id = taker.undo_of
    where plan.author = :login and taker.state = 'published' and taker.published_by <> :login
        and taker.published_at > :since
    order by at desc limit :most
""")
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def latest(session: Session, login: str, most: int) -> Sequence[RowMapping]:
    """What others did with somebody's plans, the newest first.

    Keys: plan (public id), name, move (``rollback`` too), by, at, remarks, due_at.
    """
    given = {"login": login, "since": _EVER, "most": most}
    return session.execute(_LATEST, given).mappings().all()


def unread(session: Session, login: str, since: datetime, most: int) -> int:
    """How much of it happened after a moment; counted up to `most`."""
    given = {"login": login, "since": since, "most": most}
    return len(session.execute(_LATEST, given).all())


def read_at(session: Session, account: int) -> datetime | None:
    """When an account has last read it."""
    query = select(plan_reading.c.at).where(plan_reading.c.account_id == account)
    return session.scalar(query)


def read(session: Session, account: int, at: datetime) -> None:
    """An account has read it."""
    made = insert(plan_reading).values(account_id=account, at=at)
    again = made.on_conflict_do_update(index_elements=["account_id"], set_={"at": at})
    session.execute(again)


def waiting(session: Session, approved: Ground, login: str) -> dict[str, int]:
    """How many plans wait for somebody, by state: to be judged on `approved` ground, or drawn on.

    Only states in which one does.
    """
    at = redraw_plan.c
    judged = (at.state == "submitted") & within(approved, at.community_code)
    drawn = at.state.in_(("returned", "conflicted")) & (at.author == login)
    query = select(at.state, func.count()).where(judged | drawn).group_by(at.state)
    return {str(state): int(count) for state, count in session.execute(query)}
