"""One's own sessions: seen, and ended from elsewhere."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from geodata.db import sessions
from geodata.errors import NotFound
from geodata.services.sign_in import Policy, digest

KEPT: Final = timedelta(days=30)
"""How long a session that is over, or a try to sign in, can still be looked at."""


def forget(session: Session, now: datetime) -> int:
    """Delete sessions that ended, and tries to sign in, longer ago than `KEPT`; how many."""
    return sessions.forget_ended(session, now - KEPT)


def listing(
    session: Session, account: int, token: str, policy: Policy, now: datetime
) -> list[dict[str, Any]]:
    """The open sessions of an account, the latest seen first; `own` marks the one of the token."""
    mine = digest(token)
    return [
        {
            **{key: row[key] for key in ("id", "created_at", "seen_at", "address", "agent")},
            "own": row["token_hash"] == mine,
        }
        for row in sessions.alive(session, account, now, now - policy.idle)
    ]


def end(session: Session, account: int, which: str, token: str, now: datetime) -> None:
    """End the session of a number, or all but the token's where `which` is ``others``.

    Raises NotFound ``no_session`` where the account has none of that number.
    """
    if which == "others":
        sessions.revoke_all(session, account, now, but=digest(token))
        return
    number = int(which) if which.isascii() and which.isdigit() and len(which) < 10 else 0  # noqa: PLR2004
    if not sessions.revoke_one(session, account, number, now):
        raise NotFound("no_session")
