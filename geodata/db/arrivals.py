"""What is new to somebody: counted, told of one issue, and opened."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from geodata.db.scoping import Ground
from geodata.db.scoping import issues as within
from geodata.db.tables import issue

Held = tuple[str, Ground]
"""An audience of `geodata.domain.arrival`, and the ground on which somebody belongs to it."""

MOST: Final = 1000
"""Counts stop here."""


def new_to(held: Sequence[Held]) -> ColumnElement[bool]:
    """Whether an open issue is new to whoever belongs to these audiences."""
    new = [and_(issue.c.new_to == audience, within(ground)) for audience, ground in held]
    return and_(issue.c.is_open, issue.c.new_to.is_not(None), or_(*new) if new else false())


def count(session: Session, held: Sequence[Held]) -> int:
    """How many issues are new, `MOST` at most."""
    if not held:
        return 0
    some = select(issue.c.id).where(new_to(held)).limit(MOST).subquery()
    return int(session.scalar(select(func.count()).select_from(some)) or 0)


def opened(session: Session, number: int) -> None:
    """An issue (by id) is new to nobody any more."""
    session.execute(update(issue).where(issue.c.id == number).values(new_to=None))
