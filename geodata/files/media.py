"""Photos as files, named by what is in them, in a folder outside the checkout."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from geodata.errors import InvalidFile

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def put(folder: Path, content: bytes) -> str:
    """Keep a file and give its digest (SHA-256); the same twice is kept once.

    It is whole on the disk before it has its name. Raises InvalidFile ``photo_store``.
    """
    digest = hashlib.sha256(content).hexdigest()
    target = path(folder, digest)
    if target.exists():
        return digest
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as kept:
            kept.write(content)
            kept.flush()
            os.fsync(kept.fileno())
        Path(kept.name).replace(target)
    except OSError as full:
        raise InvalidFile("photo_store") from full
    return digest


def path(folder: Path, digest: str) -> Path:
    """Where the file with a digest lies. Raises ValueError for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return folder / digest[:2] / digest[2:4] / f"{digest}.jpg"


def drop(folder: Path, digest: str) -> None:
    """Let a file go; one that is not there is gone already."""
    path(folder, digest).unlink(missing_ok=True)
