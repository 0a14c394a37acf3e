"""Files as locks: the kernel lets go of them however a process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.setup.progress import note


def open_lock(path: Path) -> int:
    """A descriptor of the lock file, made when missing; the caller closes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int) -> bool:
    """Take the lock alone, at once; False when somebody else holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(descriptor: int) -> None:
    """Hold the lock together with others that share it."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


@contextmanager
def alone(path: Path, waiting: str | None = None) -> Iterator[None]:
    """Hold the lock alone while the block runs; `waiting` is said when it takes waiting."""
    descriptor = open_lock(path)
    try:
        if not try_lock(descriptor):
            if waiting:
                note(waiting)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
