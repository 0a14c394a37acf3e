"""A process of its own for the bytes of strangers: with little memory, little time, no way out.

The child gets the bytes on its standard input and answers in lines of JSON, the only thing that
the parent believes. A child that grows too big, takes too long or dies costs the upload and
nothing else. Works from any thread and for any user; the limits are the child's own.
"""

import json
import os
import resource
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from geodata.errors import InvalidFile
from geodata.files.limits import Limits

_ROOT: Final = Path(__file__).parents[2]
_CHUNK: Final = 1 << 16
_LONGEST_LINE: Final = 64 * 1024 * 1024
_BATCH: Final = 200
_HEAVY: Final = 4 * 1024 * 1024


def told(
    program: str,
    order: Mapping[str, Any],
    content: bytes,
    limits: Limits,
    environment: Mapping[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """The parcels of a child that runs one of our modules, ending after the one that says so.

    Raises InvalidFile with the child's own refusal, or ``file_too_heavy`` if it died, fell silent
    or talked nonsense. Exhaust or close it: then the child is gone.
    """
    file_name = str(order.get("file", ""))
    with tempfile.TemporaryFile() as bytes_in:
        bytes_in.write(content)
        bytes_in.seek(0)
        child = _start(program, json.dumps(order), bytes_in, environment or {})
    try:
        for line in _lines(child, limits.silent_seconds):
            parcel = parcel_of(line)
            if parcel is None:
                break
            if "refused" in parcel:
                raise _refusal(parcel["refused"], file_name)
            if "end" in parcel:
                return
            yield parcel
    finally:
        _end(child)
    raise InvalidFile("file_too_heavy", file=file_name)


def parcel_of(line: bytes) -> dict[str, Any] | None:
    """The parcel in a line of the child, or None where it is none."""
    try:
        parcel = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return parcel if isinstance(parcel, dict) else None


def limit(limits: Limits) -> None:
    """To be called by the child first: from here on it is short of everything."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def shut() -> None:
    """To be called by the child once all is loaded: no file and no socket can be opened any more.

    What is open stays open.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def say(parcel: Mapping[str, Any]) -> None:
    """Tell the parent a parcel."""
    sys.stdout.write(json.dumps(parcel, ensure_ascii=True, allow_nan=False) + "\n")
    sys.stdout.flush()


def say_all(name: str, things: Iterable[object]) -> None:
    """Tell the parent things in parcels of that name, as they come, and that these were all."""
    batch: list[str] = []
    size = 0
    for thing in things:
        batch.append(json.dumps(thing, ensure_ascii=True, allow_nan=False))
        size += len(batch[-1])
        if len(batch) == _BATCH or size > _HEAVY:
            _say_batch(name, batch)
            batch, size = [], 0
    _say_batch(name, batch)
    say({"end": True})


def _say_batch(name: str, batch: list[str]) -> None:
    sys.stdout.write(f"{{{json.dumps(name)}: [{', '.join(batch)}]}}\n")
    sys.stdout.flush()


def _start(
    program: str, order: str, bytes_in: IO[bytes], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    # Nothing of ours is inherited but the way to our own code.
    own = {"PATH": os.defpath, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        [sys.executable, "-s", "-m", program, order],
        stdin=bytes_in,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={**own, **environment},
        start_new_session=True,
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    if child.stdout:
        child.stdout.close()


def _lines(child: subprocess.Popen[bytes], silent_seconds: float) -> Iterator[bytes]:
    """The child's lines until it ends, says nothing for too long or says too much at once."""
    if child.stdout is None:
        return
    held = bytearray()
    with selectors.DefaultSelector() as ears:
        ears.register(child.stdout, selectors.EVENT_READ)
        while ears.select(silent_seconds):
            heard = os.read(child.stdout.fileno(), _CHUNK)
            held += heard
            if not heard or len(held) > _LONGEST_LINE:
                return
            if b"\n" in heard:
                *whole, rest = held.split(b"\n")
                held = bytearray(rest)
                yield from map(bytes, whole)


def _refusal(told: object, file_name: str) -> InvalidFile:
    facts = told.get("facts") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(facts, dict):
        return InvalidFile("file_too_heavy", file=file_name)
    refusal = InvalidFile(str(told.get("code")))
    refusal.facts = {str(name): fact for name, fact in facts.items()}
    return refusal
