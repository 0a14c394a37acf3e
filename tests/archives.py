"""Tile pyramids for tests: PMTiles files written by the published specification, and pictures."""

import gzip
import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

KINDS: Final = {"mvt": 1, "png": 2, "jpg": 3, "webp": 4, "avif": 5}
HEADER_SIZE: Final = 127
Address = tuple[int, int, int]
"""Zoom, column from the west, row from the north."""


def write(
    path: Path,
    tiles: Mapping[Address, bytes],
    kind: str,
    *,
    about: Mapping[str, Any] | None = None,
    header: Mapping[str, int] | None = None,
) -> Path:
    """A PMTiles archive of these tiles; `header` holds what to say there instead."""
    numbered = sorted((number(*address), body) for address, body in tiles.items())
    vector = kind == "mvt"
    bodies = [gzip.compress(body, mtime=0) if vector else body for _, body in numbered]
    root = gzip.compress(_directory([one for one, _ in numbered], list(map(len, bodies))), mtime=0)
    words = gzip.compress(json.dumps(dict(about or {})).encode(), mtime=0)
    zooms = [z for z, _, _ in tiles]
    fields = {
        "version": 3,
        "root_at": HEADER_SIZE,
        "root_long": len(root),
        "about_at": HEADER_SIZE + len(root),
        "about_long": len(words),
        "leaves_at": HEADER_SIZE + len(root) + len(words),
        "leaves_long": 0,
        "tiles_at": HEADER_SIZE + len(root) + len(words),
        "tiles_long": sum(map(len, bodies)),
        "addressed": len(tiles),
        "entries": len(tiles),
        "contents": len(tiles),
        "clustered": 1,
        "inner": 2,
        "outer": 2 if vector else 1,
        "kind": KINDS[kind],
        "min_zoom": min(zooms),
        "max_zoom": max(zooms),
    }
    fields |= header or {}
    world = (-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    head = struct.pack("<7sB11Q6B4iB2i", b"PMTiles", *fields.values(), *world, min(zooms), 0, 0)
    path.write_bytes(head + root + words + b"".join(bodies))
    return path


def number(z: int, x: int, y: int) -> int:
    """The number of a tile along the Hilbert curve, after those of all smaller zooms."""
    side = 1 << z
    before, along = (side * side - 1) // 3, 0
    step = side >> 1
    while step:
        right, down = int(x & step > 0), int(y & step > 0)
        along += step * step * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        step >>= 1
    return before + along


def _directory(numbers: list[int], lengths: list[int]) -> bytes:
    """Tiles one after another, each by itself; offsets follow from the lengths."""
    steps = [b - a for a, b in zip([0, *numbers], numbers, strict=False)]
    runs = [1] * len(numbers)
    offsets = [1, *([0] * (len(numbers) - 1))]
    return b"".join(map(_varint, [len(numbers), *steps, *runs, *lengths, *offsets]))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def picture(red: int, green: int, blue: int, *, edge: int = 24) -> bytes:
    """A PNG of 256 by 256 pixels in one colour, with a darker edge."""
    inside, line = bytes((red, green, blue)), bytes(max(0, c - edge) for c in (red, green, blue))
    plain = b"\0" + line + inside * 254 + line
    rows = b"\0" + line * 256 + plain * 254 + b"\0" + line * 256
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
