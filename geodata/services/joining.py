"""Joining what somebody else has reported (附议): one word more, and a code to follow it by."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import joiners, moves
from geodata.domain import tracking
from geodata.domain.issue import OVER
from geodata.domain.privacy import masked
from geodata.errors import Conflict, NotFound

KIND = "joined"


def join(
    session: Session, public_id: UUID, key: str, now: datetime, note: str = ""
) -> tuple[str, bool]:
    """Add to an open issue that somebody else says so too, once a key; their code, whether anew.

    With what they had written of it, for those who work on it. Raises NotFound ``no_issue``,
    Conflict ``key_used`` where the key was used for something else, here or with another issue.
    """
    row, code = moves.held(session, public_id), tracking.code(key)
    known = moves.kind_known(session, row["id"], key) if row else None
    if known == KIND:
        return code, False
    if row is None or row["status"] in OVER:
        raise NotFound("no_issue")
    digest = tracking.digest(code)
    if known is not None or moves.number_by_tracking(session, digest) is not None:
        raise Conflict("key_used", step=known or "report")
    event = {"issue_id": row["id"], "at": now, "actor": "web", "kind": KIND, "key": key}
    said = {"note": note, "status": row["status"], "grid_id": row["grid_id"]}
    if not joiners.add(session, digest, row["id"], moves.note(session, event | said)):
        raise Conflict("key_used", step=KIND)
    return code, True


def own_word(session: Session, public_id: UUID, code: str) -> list[dict[str, Any]] | None:
    """What somebody wrote who has joined an issue, by their code: at, kind, note, masked.

    Nothing where they wrote nothing; None where the code is nobody's who has joined it.
    """
    said = joiners.words(session, public_id, tracking.digest(code))
    if said is None:
        return None
    return [{**said, "note": masked(said["note"])}] if said["note"] else []
