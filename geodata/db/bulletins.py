"""What was made known to everybody: kept, listed, withdrawn, never rewritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground, within
from geodata.db.tables import bulletin, community, issue, issue_category, street

_at: Final = bulletin.c

Cursor = tuple[datetime, int]
"""Where the last page ended: its `since` and its internal number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which are wanted: what holds in an area, at a moment, or else all of one's own ground.

    An area is a community with its street, or a street alone; what is said to the street or the
    district as a whole holds in it as well.
    """

    now: datetime
    street: str | None = None
    community: str | None = None
    own: Ground | None = None


def add(session: Session, row: Mapping[str, Any]) -> UUID | None:
    """Keep one; gives its random number, or None where it stands already.

    That is one of the same number, or another of the same issue.
    """
    new = insert(bulletin).values(**row).on_conflict_do_nothing()
    number: UUID | None = session.scalar(new.returning(bulletin.c.public_id))
    return number


def words(session: Session, number: UUID, account: int) -> tuple[str, str, bool] | None:
    """Title and text of the one of this number, if an account wrote it; whether it stands."""
    stands = _at.withdrawn_at.is_(None).label("stands")
    own = _at.public_id == number, _at.account_id == account
    found = session.execute(select(_at.title, _at.text, stands).where(*own)).first()
    return (found.title, found.text, found.stands) if found else None


def page(
    session: Session, wanted: Wanted, after: Cursor | None, limit: int
) -> Sequence[RowMapping]:
    """Those that are wanted, the newest first, from where the last page ended."""
    query = _told().where(_area(wanted), _ground(wanted))
    if after is not None:
        query = query.where(tuple_(_at.since, _at.id) < tuple_(*after))
    newest = query.order_by(_at.since.desc(), _at.id.desc()).limit(limit)
    return session.execute(newest).mappings().all()


def one(session: Session, public_id: UUID) -> RowMapping | None:
    """One of them, in whatever state, or None."""
    return session.execute(_told().where(_at.public_id == public_id)).mappings().first()


def standing_for(session: Session, number: int) -> UUID | None:
    """The one that tells of an issue (by its internal number) and was not withdrawn."""
    query = select(_at.public_id).where(_at.issue_id == number, _at.withdrawn_at.is_(None))
    return session.scalar(query)


def withdraw(session: Session, number: int, by: int | None, now: datetime) -> None:
    """Withdraw one, by its internal number."""
    _withdraw(session, _at.id == number, by, now)


def withdraw_of(session: Session, issue_id: int, now: datetime) -> None:
    """Withdraw what tells of an issue as solved, since it is not."""
    _withdraw(session, _at.issue_id == issue_id, None, now)


def _withdraw(session: Session, which: ColumnElement[bool], by: int | None, now: datetime) -> None:
    gone = update(bulletin).where(which, _at.withdrawn_at.is_(None))
    session.execute(gone.values(withdrawn_at=now, withdrawn_by=by))


def _area(wanted: Wanted) -> ColumnElement[bool]:
    told: list[ColumnElement[bool]] = [_at.street_code.is_(None)]
    if wanted.community:
        street_wide = (_at.street_code == wanted.street) & _at.community_code.is_(None)
        told += [_at.community_code == wanted.community, street_wide]
    elif wanted.street:
        told.append(_at.street_code == wanted.street)
    else:
        return _at.id > 0
    return or_(*told)


def _ground(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.own is None:
        begun = _at.withdrawn_at.is_(None) & (_at.since <= wanted.now)
        return begun & (_at.until.is_(None) | (_at.until > wanted.now))
    streets = sorted(wanted.own.streets)
    street_wide = _at.community_code.is_(None) & _at.street_code.in_(streets)
    return within(wanted.own, _at.community_code) | street_wide


def _told() -> Select[Any]:
    return select(
        *(_at.id, _at.public_id, _at.kind, _at.title, _at.text, _at.since, _at.until),
        *(_at.created_at, _at.withdrawn_at, _at.street_code, _at.community_code),
        *(street.c.name.label("street_zh"), street.c.name_en.label("street_en")),
        *(community.c.name.label("community_zh"), community.c.name_en.label("community_en")),
        *(func.ST_X(_at.place).label("lon"), func.ST_Y(_at.place).label("lat")),
    ).select_from(
        bulletin.outerjoin(street, street.c.code == _at.street_code).outerjoin(
            community, community.c.code == _at.community_code
        )
    )


def solved(session: Session, public_id: UUID) -> RowMapping | None:
    """What is to be known of an issue before it is made known as solved."""
    query = (
        select(
            *(issue.c.id, issue.c.status, issue.c.text, issue.c.closed_at, issue.c.community_code),
            *(issue_category.c.code.label("category"), issue_category.c.name_zh),
            *(community.c.street_code, community.c.name.label("community")),
            *(func.ST_X(issue.c.place).label("lon"), func.ST_Y(issue.c.place).label("lat")),
        )
        .select_from(issue.join(issue_category).outerjoin(community))
        .where(issue.c.public_id == public_id)
    )
    return session.execute(query).mappings().first()
