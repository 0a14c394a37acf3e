"""Files of tickets, read in a process of their own."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from geodata.errors import InvalidFile, InvalidRow
from geodata.files import child, tickets
from geodata.files.limits import Limits
from geodata.files.parcels import pack, pack_header, unpack, unpack_header
from geodata.files.tickets import LIMITS, ZONE, Ticket, TicketFile


def read(
    content: bytes, file_name: str = "", *, zone: ZoneInfo = ZONE, limits: Limits = LIMITS
) -> TicketFile:
    """As `tickets.read`, in a child process; rows come in the order of the file.

    Raises what `tickets.read` raises, and InvalidFile ``file_too_heavy`` if the child ran out of
    memory or time or died. Exhaust or close the rows: then the child is gone.
    """
    order = {"file": file_name[:200], "zone": zone.key, "limits": asdict(limits)}
    told = child.told("geodata.files.sandbox", order, content, limits)
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


def _serve(order: dict[str, Any]) -> None:
    """The child's whole life: read, tell, end."""
    limits = Limits(**order["limits"])
    child.limit(limits)
    content = sys.stdin.buffer.read()
    try:
        found = tickets.read(content, order["file"], zone=ZoneInfo(order["zone"]), limits=limits)
        child.say({"header": pack_header(found.header)})
        child.say_all("rows", map(pack, found.rows))
    except InvalidFile as refused:
        child.say({"refused": {"code": refused.code, "facts": refused.facts}})


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
