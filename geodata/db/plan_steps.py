"""Which steps of a plan are kept when it is drawn anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, null, update
from sqlalchemy.orm import Session

from geodata.db.tables import redraw_step


def keep(session: Session, number: int, positions: Sequence[int]) -> None:
    """Forget all other steps of a plan; these are numbered anew, in the order that they have."""
    own = redraw_step.c.plan_id == number
    session.execute(delete(redraw_step).where(own, redraw_step.c.position.not_in(positions)))
    for new, old in enumerate(sorted(positions), 1):
        if new != old:
            here = own & (redraw_step.c.position == old)
            session.execute(update(redraw_step).where(here).values(position=new))


def again(session: Session, number: int, position: int, intent: Mapping[str, Any]) -> None:
    """A step that was taken back is taken again, as this intent says."""
    here = (redraw_step.c.plan_id == number) & (redraw_step.c.position == position)
    values = {"undone": False, "base": null(), "intent": intent}
    session.execute(update(redraw_step).where(here).values(**values))
