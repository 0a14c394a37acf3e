"""The child that draws photos anew: started by `photos.read`, never imported by others."""

import json
import math
import struct
import sys
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from geodata.errors import InvalidFile
from geodata.files import child
from geodata.files.limits import Limits

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_LOADED: Final = (JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
_MOST_PIXELS: Final = 30_000_000
_SIDE: Final = 2048
_QUALITY: Final = 82
_GPS: Final = 0x8825
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4
_NORTH, _EAST = 90.0, 180.0
_MARKERS: Final = frozenset({0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0})
"""The segments that a picture of ours has: frames, tables, scan, and JFIF's own."""

_BROKEN: Final = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error)


def drawn(content: bytes) -> dict[str, Any]:
    """The photo as the parent reads it. Raises InvalidFile as `photos.read`."""
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS or not opened.width:
                raise InvalidFile("photo_large")
            place = _place(opened)
            clean = _clean(opened)
    except Image.DecompressionBombError as bomb:
        raise InvalidFile("photo_large") from bomb
    except UnidentifiedImageError as other:
        raise InvalidFile("photo_kind") from other
    except _BROKEN as broken:
        raise InvalidFile("photo_broken") from broken
    return {**_told(clean), "place": place}


def _clean(opened: Image.Image) -> Image.Image:
    """The pixels alone, upright, at most 2048 wide and high, on white where they are clear.

    Grey of 16 bits is told in the 8 that a JPEG has.
    """
    opened.draft("RGB", (_SIDE, _SIDE))
    deep = opened.mode.startswith("I")
    seen = opened.convert("I").point(lambda grey: grey / 256).convert("L") if deep else opened
    seen.thumbnail((_SIDE, _SIDE))
    upright = ImageOps.exif_transpose(seen).convert("RGBA")
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright.getchannel("A"))
    return clean


def _told(clean: Image.Image) -> dict[str, Any]:
    out = BytesIO()
    clean.save(out, "JPEG", quality=_QUALITY)
    content = out.getvalue()
    if not is_bare(content):
        raise InvalidFile("photo_broken")
    told = b64encode(content).decode("ascii")
    return {"content": told, "width": clean.width, "height": clean.height}


def is_bare(content: bytes) -> bool:
    """Whether a JPEG has nothing in it but the picture, and nothing behind it."""
    at = 2
    while content[at] == 0xFF:  # noqa: PLR2004 -- the sign before every marker
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker not in _MARKERS:
            return False
        at += 2 + length
        if marker == 0xDA:  # noqa: PLR2004 -- the scan, up to the end
            return (
                content.endswith(b"\xff\xd9") and content.find(b"\xff\xd9", at) == len(content) - 2
            )
    return False


def _place(opened: Image.Image) -> list[float] | None:
    """Where the photo was taken, if it says so and that can be."""
    try:
        told = opened.getexif().get_ifd(_GPS)
        lon, lat = _degrees(told, _LON, _LON_REF), _degrees(told, _LAT, _LAT_REF)
    except (*_BROKEN, ZeroDivisionError):
        return None
    able = all(map(math.isfinite, (lon, lat))) and abs(lon) <= _EAST and abs(lat) <= _NORTH
    return [lon, lat] if able and (lon or lat) else None


def _degrees(told: Mapping[int, Any], value: int, side: int) -> float:
    degrees, minutes, seconds = (float(part) for part in told[value])
    whole = degrees + minutes / 60 + seconds / 3600
    return -whole if str(told.get(side, "")).upper()[:1] in ("S", "W") else whole


def _serve(order: dict[str, Any]) -> None:
    """The child's whole life: read, draw, tell, end."""
    Image.preinit()
    child.limit(Limits(**order))
    content = sys.stdin.buffer.read()
    child.shut()
    try:
        child.say(drawn(content))
    except InvalidFile as refused:
        child.say({"refused": {"code": refused.code, "facts": refused.facts}})


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
