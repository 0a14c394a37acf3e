"""Photos of issues: taken in, drawn anew, kept, shown to those who work on the issue."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.db import photos
from geodata.db.scoping import Ground
from geodata.errors import Conflict, NotFound
from geodata.files import media
from geodata.files import photos as pictures

MOST: Final = 5
WAITS: Final = timedelta(days=2)
"""How long a photo waits for its report."""


def take_in(session: Session, folder: Path, content: bytes) -> dict[str, Any]:
    """Keep the picture of an uploaded photo; gives its number, size and where it was taken.

    Raises InvalidFile as `photos.read` and `media.put`.
    """
    found = pictures.read(content)
    digest = media.put(folder, found.content)
    row = {"digest": digest, "width": found.width, "height": found.height}
    place = found.place
    return {
        "id": str(photos.add(session, row)),
        "width": found.width,
        "height": found.height,
        "place": {"lon": place[0], "lat": place[1]} if place else None,
    }


def attach(session: Session, number: int, kinds: Mapping[UUID, str], most: int = MOST) -> None:
    """Give an issue its photos.

    Raises Conflict ``photos_many``, or ``no_photo`` where one is unknown or another issue's.
    """
    if len(kinds) > most:
        raise Conflict("photos_many", limit=most)
    if photos.attach(session, number, kinds) != len(kinds):
        raise Conflict("no_photo")


def shown(session: Session, public_id: UUID, ground: Ground) -> str:
    """The digest of a photo on one's ground. Raises NotFound ``no_photo``."""
    row = photos.one(session, public_id)
    if row is None or not ground.covers(row["community_code"], row["grid_code"], row["handler"]):
        raise NotFound("no_photo")
    return str(row["digest"])


def forget(session: Session, now: datetime) -> list[str]:
    """Forget photos whose report never came; the digests whose files can go after the commit."""
    return photos.forget(session, now - WAITS)
