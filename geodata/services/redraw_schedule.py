"""Plans whose day has come are published by the worker: wholly, or marked as in conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import accounts, plan_moves, plans, scoping
from geodata.db.queue import BROKEN, note_broken
from geodata.domain.audit import Deed
from geodata.domain.roles import Action, Actor, Grant, Role, scopes
from geodata.errors import InvalidMove, InvalidRedraw, WanggeError
from geodata.services import redraw_moves, redraw_publishing, redraws
from geodata.services.redraw_publishing import Published

MOST_ATTEMPTS: Final = 5
"""So often a plan is tried that the store or the worker does not survive."""


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


def attempt_next(session: Session, now: datetime) -> UUID | None:
    """Count an attempt at the plan whose day has come; None where none waits.

    To be committed before `publish_next`: what breaks the connection or the process while a plan
    is published takes the count back too.
    """
    public_id = plan_moves.due(session, now)
    if public_id is not None:
        plan_moves.count_attempt(session, public_id)
    return public_id


def publish_next(session: Session, now: datetime, which: UUID | None = None) -> Due | None:
    """Publish the plan whose day came first, or this one; None where none waits.

    It is rebased where what it touches is as it was, and else marked ``conflicted`` with the
    reason; nothing of it is done then. Its publisher is who set the day, and must still be one who
    publishes there (else InvalidMove ``publisher_gone`` is the reason). One that was attempted
    `MOST_ATTEMPTS` times and never ended is given up (``publish_broken`` is the reason).
    """
    public_id = which or plan_moves.due(session, now)
    if public_id is None:
        return None
    redraw_publishing.hold(session)
    found = redraws.plan(session, public_id, lock=True)
    if found["state"] != "scheduled" or found["due_at"] > now:
        return publish_next(session, now)
    by = plan_moves.scheduled_by(session, found["id"]) or found["author"]
    trial = session.begin_nested()
    try:
        if found["attempts"] > MOST_ATTEMPTS:
            raise InvalidMove("publish_broken", count=MOST_ATTEMPTS)
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
