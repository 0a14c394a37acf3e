"""Plans whose day has come are published by the worker: wholly, or marked as in conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import accounts, plan_moves, plans, scoping
from geodata.db.queue import BROKEN, note_broken
from geodata.domain.audit import Deed
from geodata.domain.roles import Action, Actor, Grant, Role, scopes
from geodata.errors import InvalidMove, InvalidRedraw, WanggeError
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
    reason; nothing of it is done then. Its publisher is who set the day, and must still be one who
    publishes there (else InvalidMove ``publisher_gone`` is the reason).
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
        if not _may(session, by, found["community_code"], now):
            raise InvalidMove("publisher_gone", by=by)
        done = _published(session, public_id, by)
    except WanggeError as refused:
        trial.rollback()
        redraw_moves.made(session, found, "conflict", by, now)
        told = {"code": refused.code, "facts": refused.facts}
        plans.change(session, found["id"], {"conflict": told})
        return Due(public_id, by, refused=refused)
    trial.commit()
    return Due(public_id, by, done.plan["report"])


def _may(session: Session, login: str, home: str, now: datetime) -> bool:
    """Whether somebody still publishes in a community, as the doors ask whoever does it by hand."""
    account = accounts.by_login(session, login)
    if account is None or account["disabled_at"] is not None:
        return False
    held = tuple(
        Grant(Role(row["role"]), row["scope"], row["since"], row["until"], row["deputy_of"])
        for row in accounts.grants(session, account["id"], now)
    )
    scope = scopes(Actor(account["id"], grants=held), Action.PUBLISH_REDRAW, now)
    return scoping.resolved(session, scope).covers(home)


def _published(session: Session, public_id: UUID, by: str) -> Published:
    """Published, and found right by the database before anything is committed.

    What cannot be computed or stored is refused like what does not fit; a database that does not
    answer is not the plan's fault, and goes on as it is.
    """
    try:
        done = redraw_publishing.publish(session, public_id, by)
        plans.check_now(session)
    except BROKEN as broken:
        note_broken("plan", public_id, broken)
        raise InvalidRedraw("no_division") from broken
    return done
