"""What whoever has the tracking code sees of their report besides what everybody sees."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import issues, photos
from geodata.domain.privacy import masked
from geodata.errors import NotFound
from geodata.services import joining, moves

DONE: Final = ("handled", "checked", "closed")
"""When the photo of what was done is shown: not while it is done again."""


_OWN: Final = ("confirm", "reopen")
"""The steps that are the reporter's own."""

_RESULT: Final = ("settle", "handle")


def words(session: Session, public_id: UUID, code: str) -> dict[str, Any]:
    """The answers and words of one's own report, and what was written of how it was done.

    Keys: answers by the question's code, ``words``, each with at, kind and note, oldest first, and
    ``joined``, whether somebody else's report was only joined, whose words alone are told then;
    numbers of persons are masked. What was done is told while it counts as done, a refusal always.
    Raises as `moves.reported`.
    """
    if (added := joining.own_word(session, public_id, code)) is not None:
        return {"answers": {}, "words": added, "joined": True}
    issue = moves.reported(session, public_id, code)
    row = issues.one(session, public_id)
    kinds = {*_OWN, "refuse", *(_RESULT if issue["status"] in DONE else ())}
    return {
        "answers": (row and row["answers"]) or {},
        "words": [
            {"at": event["at"], "kind": event["kind"], "note": masked(event["note"])}
            for event in issues.events(session, issue["id"])
            if event["kind"] in kinds and event["note"]
        ],
        "joined": False,
    }


def pictures(session: Session, public_id: UUID, code: str) -> list[dict[str, Any]]:
    """The photos of one's own report, and afterwards those of how it was left.

    Those taken before the work are the worker's own notes; whoever has joined has none. Raises as
    `moves.reported`.
    """
    if joining.own_word(session, public_id, code) is not None:
        return []
    issue = moves.reported(session, public_id, code)
    kinds = {"report"} | ({"after"} if issue["status"] in DONE else set())
    rows = photos.of_reporter(session, public_id)
    return [dict(row) for row in rows if row["kind"] in kinds]


def picture(session: Session, public_id: UUID, photo: UUID, code: str) -> str:
    """The digest of one of them. Raises NotFound ``no_photo``, and as `moves.reported`."""
    for one in pictures(session, public_id, code):
        if one["public_id"] == photo:
            return str(one["digest"])
    raise NotFound("no_photo")
