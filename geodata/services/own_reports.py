"""What whoever has the tracking code sees of their report besides what everybody sees."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import issues, photos
from geodata.domain.privacy import masked
from geodata.errors import NotFound
from geodata.services import joining, moves

_OWN: Final = ("confirm", "reopen")
"""The steps that are the reporter's own."""

_RESULT: Final = ("settle", "handle")
_AGAIN: Final = ("reopen", "rework")
_TOLD: Final = frozenset({*_OWN, *_RESULT, "refuse"})


def words(session: Session, public_id: UUID, code: str) -> dict[str, Any]:
    """The answers and words of one's own report, and what was written of how it was done.

    Keys: answers by the question's code, ``words``, each with at, kind, note, the numbers of the
    photos of how it was left, and whether it is ``former``, a result after which it was to be done
    again; oldest first; and ``joined``, whether somebody else's report was only joined, whose words
    alone are told then. Numbers of persons are masked. Raises as `moves.reported`.
    """
    if (added := joining.own_word(session, public_id, code)) is not None:
        return {"answers": {}, "words": added, "joined": True}
    issue = moves.reported(session, public_id, code)
    row = issues.one(session, public_id)
    events = issues.events(session, issue["id"])
    again = _done_again(events)
    left = {str(one["public_id"]) for one in _left(session, public_id)}
    return {
        "answers": (row and row["answers"]) or {},
        "words": [
            {
                "at": event["at"],
                "kind": event["kind"],
                "note": masked(event["note"]),
                "photos": [one for one in _photos(event) if one in left],
                "former": event["kind"] in _RESULT and i < again,
            }
            for i, event in enumerate(events)
            if event["kind"] in _TOLD and event["note"]
        ],
        "joined": False,
    }


def _done_again(events: Sequence[RowMapping]) -> int:
    """How many of the events came until it was last asked to be done again."""
    return max((i + 1 for i, event in enumerate(events) if event["kind"] in _AGAIN), default=0)


def _photos(event: RowMapping) -> list[str]:
    """The numbers of the photos that came with a step."""
    return [str(one) for one in (event["detail"] or {}).get("photos", ())]


def _left(session: Session, public_id: UUID) -> list[RowMapping]:
    """The photos of how it was left."""
    return [one for one in photos.of_reporter(session, public_id) if one["kind"] == "after"]


def pictures(session: Session, public_id: UUID, code: str) -> list[dict[str, Any]]:
    """The photos of one's own report, and those of how it was left, each time that it was done.

    Those taken before the work are the worker's own notes; whoever has joined has none. Raises as
    `moves.reported`.
    """
    if joining.own_word(session, public_id, code) is not None:
        return []
    moves.reported(session, public_id, code)
    rows = photos.of_reporter(session, public_id)
    return [dict(row) for row in rows if row["kind"] in ("report", "after")]


def picture(session: Session, public_id: UUID, photo: UUID, code: str) -> str:
    """The digest of one of them. Raises NotFound ``no_photo``, and as `moves.reported`."""
    for one in pictures(session, public_id, code):
        if one["public_id"] == photo:
            return str(one["digest"])
    raise NotFound("no_photo")
