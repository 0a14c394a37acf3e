"""Plans whose day has come are published by the worker: wholly, or marked as in conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geodata.db import plan_moves, plans
from geodata.domain.audit import Deed
from geodata.errors import InvalidRedraw, WanggeError
from geodata.services import redraw_moves, redraw_publishing, redraws
from geodata.services.redraw_publishing import Published


@dataclass(frozen=True)
class Due:
    """What became of a plan whose day has come; `refused` says why it was not published."""

    plan: UUID
    by: str
    report: Mapping[str, object] = field(default_factory=dict)
    refused: WanggeError | None = None

    def deed(self) -> Deed:
        """What the audit trail says of it."""
        subject = ("plan", str(self.plan))
        if self.refused is None:
            told = {name: self.report.get(name) for name in ("issues", "buildings", "retired")}
            return Deed("redraw.publish", subject, detail={"by": self.by, **told})
        return Deed("redraw.conflict", subject, "refused", {"reason": self.refused.code})


def publish_next(session: Session, now: datetime) -> Due | None:
    """Publish the plan whose day came first; None where none waits.

    It is rebased where what it touches is as it was, and else marked ``conflicted`` with the
    reason; nothing of it is done then. Its publisher is who set the day.
    """
    public_id = plan_moves.due(session, now)
    if public_id is None:
        return None
    redraw_publishing.hold(session)
    found = redraws.plan(session, public_id, lock=True)
    if found["state"] != "scheduled" or found["due_at"] > now:
        return publish_next(session, now)
    by = plan_moves.scheduled_by(session, found["id"]) or found["author"]
    trial = session.begin_nested()
    try:
        done = _published(session, public_id, by)
    except WanggeError as refused:
        trial.rollback()
        redraw_moves.made(session, found, "conflict", by, now)
        told = {"code": refused.code, "facts": refused.facts}
        plans.change(session, found["id"], {"conflict": told})
        return Due(public_id, by, refused=refused)
    trial.commit()
    return Due(public_id, by, done.plan["report"])


def _published(session: Session, public_id: UUID, by: str) -> Published:
    """Published, and found right by the database before anything is committed."""
    done = redraw_publishing.publish(session, public_id, by)
    try:
        plans.check_now(session)
    except IntegrityError as refused:
        raise InvalidRedraw("no_division") from refused
    return done
