"""What those who supervise have to watch: how much of it there is, never counting past a bound."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.db.arrivals import Held
from geodata.db.narrowing import Filter, narrowed
from geodata.db.scoping import Ground
from geodata.db.tables import issue

MOST: Final = 10_000


def counted(
    session: Session, ground: Ground, now: datetime, soon: datetime, held: tuple[Held, ...]
) -> tuple[int, int, int, int, int]:
    """Open issues of a ground: overdue, due before `soon`, called in, suspended, new to `held`.

    `MOST` at most of each.
    """
    watched = (
        Filter(late_at=now, ground=ground),
        Filter(soon=(now, soon), ground=ground),
        Filter(supervision="any", ground=ground),
        Filter(status="suspended", ground=ground),
        Filter(new_to=held, ground=ground),
    )
    some = [narrowed(select(issue.c.id), one).limit(MOST).subquery() for one in watched]
    query = select(*(select(func.count()).select_from(one).scalar_subquery() for one in some))
    overdue, near, called, paused, new = session.execute(query).one()
    return overdue, near, called, paused, new
