"""ZIP archives of strangers, opened in memory under limits that count what really comes out."""

import zipfile
import zlib
from collections.abc import Collection
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from geodata.errors import InvalidFile
from geodata.files.limits import Limits

_CHUNK: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_LAYERS: Final = (".gpkg", ".geojson", ".json", ".fgb", ".csv", ".txt", ".xlsx")
_NOTES: Final = ("fields.csv", "README.txt")
_OFFICE: Final = ("xl/workbook.xml", "[content_types].xml")
_LINK: Final = 0o120000
_BROKEN: Final = (
    *(EOFError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError),
    *(zipfile.BadZipFile, zlib.error),
)


def members(content: bytes, endings: Collection[str], limits: Limits) -> dict[str, bytes]:
    """The members of an archive whose name ends in one of `endings` (lower case), by name.

    Nothing is written anywhere. Raises InvalidFile ``zip_members``, ``zip_path`` (a member that
    would leave its folder, or a link), ``file_encrypted``, ``zip_too_big``, ``zip_ratio`` or
    ``file_broken``.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > limits.zip_members:
                raise InvalidFile("zip_members", limit=limits.zip_members, found=len(infos))
            for info in infos:
                _refuse_odd(info)
            return _inflated(archive, infos, tuple(endings), len(content), limits)
    except _BROKEN as broken:
        raise InvalidFile("file_broken", kind="zip") from broken


def alone(content: bytes, limits: Limits) -> bytes:
    """The only layer or list in an archive; anything else as it is.

    The notes that our own exports carry do not count. Raises InvalidFile as `members`.
    """
    if not content.startswith(b"PK"):
        return content
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except _BROKEN as broken:
        raise InvalidFile("file_broken", kind="zip") from broken
    if any(name.endswith((".shp", ".kml")) or name in _OFFICE for name in names):
        return content
    found = {
        name: part
        for name, part in members(content, _LAYERS, limits).items()
        if PurePosixPath(name).name not in _NOTES
    }
    return next(iter(found.values())) if len(found) == 1 else content


def _refuse_odd(info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
    link = (info.external_attr >> 16) & 0o170000 == _LINK
    if name.startswith("/") or ".." in name.split("/") or ":" in name or link:
        raise InvalidFile("zip_path", member=info.filename[:100])
    if info.flag_bits & _ENCRYPTED:
        raise InvalidFile("file_encrypted")


def _inflated(
    archive: zipfile.ZipFile,
    infos: list[zipfile.ZipInfo],
    endings: tuple[str, ...],
    packed: int,
    limits: Limits,
) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    for info in infos:
        if not info.filename.lower().endswith(endings):
            continue
        parts = []
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                _weigh(total, packed, limits)
                parts.append(chunk)
        found[_name(info)] = b"".join(parts)
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; what a Chinese Windows packed bears no mark, and is not code page 437."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _weigh(total: int, packed: int, limits: Limits) -> None:
    if total > limits.zip_bytes:
        raise InvalidFile("zip_too_big", limit=limits.zip_bytes)
    if total > limits.zip_ratio_from and total > packed * limits.zip_ratio:
        raise InvalidFile("zip_ratio", limit=limits.zip_ratio)
