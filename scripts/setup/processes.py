"""The processes of this machine, as /proc shows them, and children that never outlive us."""

import ctypes
import os
import signal
from collections.abc import Iterator
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def command_lines() -> Iterator[tuple[int, str]]:
    """Every process: its number and its command line, blanks between the words."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            yield int(entry.name), words.replace(b"\0", b" ").decode(errors="replace").strip()


def seconds_used(process: int) -> float:
    """Seconds of processor that a process and all below it have used so far; 0 once it is gone."""
    folder = Path("/proc") / str(process)
    try:
        told = (folder / "stat").read_text().rpartition(")")[2].split()
        below = (folder / "task" / str(process) / "children").read_text().split()
    except OSError:
        return 0.0
    own = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(seconds_used(int(child)) for child in below)


def seconds_run(process: int) -> float | None:
    """Seconds that a process of one thread has run, to the nanosecond; None where none is told."""
    try:
        return int((Path("/proc") / str(process) / "schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return None


def end_with_parent() -> None:
    """In a new child: be told to end (SIGTERM) when the parent dies, however it dies."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def kill_group(group: int) -> None:
    """Kill all that is left of a process group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
