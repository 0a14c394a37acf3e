"""Photos of strangers, made anew: the picture alone, without a word of what came with it."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from geodata.errors import InvalidFile
from geodata.files import child
from geodata.files.limits import MEGABYTE, Limits

LARGEST: Final = 12 * MEGABYTE
LIMITS: Final = Limits(
    file_bytes=LARGEST, memory=1024 * MEGABYTE, cpu_seconds=20, silent_seconds=30.0
)
_SIGNS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_RIFF, _WEBP = b"RIFF", b"WEBP"


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG that we have made, its size in pixels, and where it was taken if the file said so.

    `place` is longitude and latitude in degrees (WGS 84); it stands in no byte of the picture.
    """

    content: bytes
    width: int
    height: int
    place: tuple[float, float] | None = None


def read(content: bytes) -> Photo:
    """The photo in a file (JPEG, PNG or WebP), read and drawn anew in a process of its own.

    Raises InvalidFile ``photo_kind`` for anything else, ``photo_large`` over 12 MB or 30 million
    pixels, ``photo_broken`` where it cannot be drawn anew: then it is refused, never passed on.
    """
    if len(content) > LARGEST:
        raise InvalidFile("photo_large")
    if not is_photo(content):
        raise InvalidFile("photo_kind")
    try:
        told = next(child.told("geodata.files.photo_child", asdict(LIMITS), content, LIMITS))
        return _photo(told)
    except InvalidFile as refused:
        if refused.code.startswith("photo_"):
            raise
        raise InvalidFile("photo_broken") from refused
    except (StopIteration, KeyError, TypeError, ValueError) as nonsense:
        raise InvalidFile("photo_broken") from nonsense


def is_photo(content: bytes) -> bool:
    """Whether the first bytes are those of a JPEG, PNG or WebP."""
    riff = content[:4] == _RIFF and content[8:12] == _WEBP
    return riff or content.startswith(_SIGNS)


def _photo(told: Mapping[str, Any]) -> Photo:
    content = b64decode(told["content"], validate=True)
    place = told.get("place")
    return Photo(
        content,
        int(told["width"]),
        int(told["height"]),
        (float(place[0]), float(place[1])) if place else None,
    )
