"""What whoever has the tracking code sees of their report besides what everybody sees: photos."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import photos
from geodata.errors import NotFound
from geodata.services import moves

DONE: Final = ("handled", "checked", "closed")
"""When the photo of what was done is shown: not while it is done again."""


def pictures(session: Session, public_id: UUID, code: str) -> list[dict[str, Any]]:
    """The photos of one's own report, and afterwards those of how it was left.

    Those taken before the work are the worker's own notes. Raises as `moves.reported`.
    """
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
