"""Files of strangers, read in a process of their own with little memory and little time.

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
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from geodata.errors import InvalidFile, InvalidRow
from geodata.files import tickets
from geodata.files.limits import Limits
from geodata.files.parcels import pack, pack_header, unpack, unpack_header
from geodata.files.tickets import LIMITS, ZONE, Ticket, TicketFile

_ROOT: Final = Path(__file__).parents[2]
_BATCH: Final = 200
_CHUNK: Final = 1 << 16
_LONGEST_LINE: Final = 64 * 1024 * 1024


def read(
    content: bytes, file_name: str = "", *, zone: ZoneInfo = ZONE, limits: Limits = LIMITS
) -> TicketFile:
    """As `tickets.read`, in a child process; rows come in the order of the file.

    Raises what `tickets.read` raises, and InvalidFile ``file_too_heavy`` if the child ran out of
    memory or time or died. Exhaust or close the rows: then the child is gone.
    """
    told = _told(content, file_name, zone, limits)
    first = next(told, None)
    try:
        header = unpack_header(first["header"]) if first else None
    except (AttributeError, KeyError, TypeError, ValueError) as nonsense:
        raise InvalidFile("file_too_heavy", file=file_name) from nonsense
    if header is None:
        raise InvalidFile("file_too_heavy", file=file_name)
    return TicketFile(header, _rows(told, file_name))


def _rows(told: Iterator[dict[str, Any]], file_name: str) -> Iterator[Ticket | InvalidRow]:
    for parcel in told:
        try:
            rows = [unpack(packed) for packed in parcel["rows"]]
        except (AttributeError, KeyError, TypeError, ValueError) as nonsense:
            raise InvalidFile("file_too_heavy", file=file_name) from nonsense
        yield from rows


def _told(
    content: bytes, file_name: str, zone: ZoneInfo, limits: Limits
) -> Iterator[dict[str, Any]]:
    """The child's parcels, ending after the one that says so; refusals are raised."""
    order = json.dumps({"file": file_name[:200], "zone": zone.key, "limits": asdict(limits)})
    with tempfile.TemporaryFile() as bytes_in:
        bytes_in.write(content)
        bytes_in.seek(0)
        child = _start(order, bytes_in)
    try:
        for line in _lines(child, limits.silent_seconds):
            parcel = _parcel(line)
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


def _start(order: str, bytes_in: IO[bytes]) -> subprocess.Popen[bytes]:
    # Nothing of ours is inherited but the way to our own code.
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        [sys.executable, "-s", "-m", "geodata.files.sandbox", order],
        stdin=bytes_in,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.defpath, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"},
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


def _parcel(line: bytes) -> dict[str, Any] | None:
    try:
        parcel = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return parcel if isinstance(parcel, dict) else None


def _refusal(told: object, file_name: str) -> InvalidFile:
    facts = told.get("facts") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(facts, dict):
        return InvalidFile("file_too_heavy", file=file_name)
    refusal = InvalidFile(str(told.get("code")))
    refusal.facts = {str(name): fact for name, fact in facts.items()}
    return refusal


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _say(parcel: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(parcel, ensure_ascii=True, allow_nan=False) + "\n")
    sys.stdout.flush()


def _serve(order: dict[str, Any]) -> None:
    """The child's whole life: read, tell, end."""
    limits = Limits(**order["limits"])
    _limit(limits)
    content = sys.stdin.buffer.read()
    try:
        found = tickets.read(content, order["file"], zone=ZoneInfo(order["zone"]), limits=limits)
        _say({"header": pack_header(found.header)})
        batch: list[dict[str, Any]] = []
        for taken in found.rows:
            batch.append(pack(taken))
            if len(batch) == _BATCH:
                _say({"rows": batch})
                batch = []
        _say({"rows": batch})
        _say({"end": True})
    except InvalidFile as refused:
        _say({"refused": {"code": refused.code, "facts": refused.facts}})


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
