"""What has newly come to somebody (新到), until one of those who have it opens it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import arrivals, moves
from geodata.db.arrivals import MOST, Held
from geodata.errors import NotFound

__all__ = ["MOST", "Held", "count", "open_one"]


def count(session: Session, held: Sequence[Held]) -> int:
    """How many issues are new to whoever belongs to some audiences, `MOST` at most."""
    return arrivals.count(session, held)


def open_one(session: Session, public_id: UUID, held: Sequence[Held]) -> bool:
    """One of those who have an issue has opened it; whether it was new to them.

    Raises NotFound ``no_issue`` where it lies on none of their grounds.
    """
    row = moves.held(session, public_id)
    where = (row["community_code"], row["grid_code"], row["handler"]) if row else ()
    own = [audience for audience, ground in held if row and ground.covers(*where)]
    if row is None or not own:
        raise NotFound("no_issue")
    if row["new_to"] not in own:
        return False
    arrivals.opened(session, row["id"])
    return True
