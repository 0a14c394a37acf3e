"""Large files are made in the background: ordered, followed, cancelled, fetched, let go."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import exports as queue
from geodata.db.queue import BROKEN, UNFINISHED, call, note_broken
from geodata.db.scoping import Ground
from geodata.errors import Conflict, InvalidMove, NotFound, WanggeError
from geodata.services import exports
from geodata.services.exports import Checked, Order

SMALL: Final = 20_000
"""Rows that are made while one waits; more become a job."""

MOST_UNFINISHED: Final = 6
"""Jobs that may wait or be at work at a time."""

KEPT: Final = timedelta(hours=24)
"""How long a made file can be fetched."""

MOST_BYTES: Final = 8 * 1024**3
"""Bytes of all made files; the oldest go first."""

MOST_LISTED: Final = 20
_STEP: Final = 10_000
_PART: Final = 1 << 20
_COUNTED: Final = 2**31 - 1


class CancelledError(Exception):
    """Somebody has called the job off."""


@dataclass(frozen=True, slots=True)
class File:
    """A made file: its names in ASCII and Chinese, its size in bytes, its format."""

    plain: str
    said: str
    size: int
    media: str


def is_small(session: Session, wanted: Checked, now: datetime) -> bool:
    """Whether a file is made quickly enough to be waited for."""
    return exports.rows(session, wanted, now, SMALL) is not None


def submit(session: Session, wanted: Checked, now: datetime, sender: int | None = None) -> int:
    """Order a file, as the account `sender`; the id of its job.

    Raises Conflict ``exports_many`` (limit), NotFound ``no_district``, and as `Format.allow`.
    """
    if queue.unfinished(session) >= MOST_UNFINISHED:
        raise Conflict("exports_many", limit=MOST_UNFINISHED)
    exports.file_name(session, wanted, now)
    order = wanted.order
    total = exports.rows(session, wanted, now, _COUNTED) or 0
    wanted.format.allow(wanted.frame, total)
    number = queue.add(
        session,
        {
            "layer": order.layer,
            "format": order.format,
            "options": {
                "crs": order.crs,
                "at": order.at.isoformat() if order.at else None,
                "filters": dict(order.filters),
                "zone": str(order.zone),
                "ground": order.ground.written(),
                "holder": order.holder,
            },
            "total": total,
            "senders": [] if sender is None else [sender],
        },
    )
    call(session)
    return number


def run(session: Session, reading: Session, each_step: Callable[[], None]) -> int | None:
    """Make the file of the next job; its id, or None where none waits.

    `each_step` commits `session`, so that others see how far it is, and is called at the end too;
    `reading` holds the rows of one moment, and the job against other workers, until it is closed.
    A job that was cut off is begun anew.
    """
    number = queue.taken(reading)
    if number is None:
        return None
    queue.advance(session, number, {"state": "running", "done": 0})
    queue.drop(session, number)
    each_step()
    folder = Path(tempfile.gettempdir()) / f"wangge-export-{_place(session)}-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        _make(session, reading, number, folder, each_step)
    except CancelledError:
        session.rollback()
    except WanggeError as refused:
        error = {"code": refused.code, "facts": refused.facts}
        _end(session, number, "failed", {"error": error})
    except BROKEN as broken:
        note_broken("export", number, broken)
        session.rollback()
        _end(session, number, "failed", {"error": {"code": "job_broken", "facts": {}}})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    each_step()
    return number


def _place(session: Session) -> str:
    """Tells the scratch folders of several databases apart."""
    return str(session.get_bind().engine.url.database)


def _make(
    session: Session, reading: Session, number: int, folder: Path, each_step: Callable[[], None]
) -> None:
    wanted = exports.checked(_order(one(session, number)))
    now = datetime.now(UTC)
    said = 0

    def told(done: int) -> None:
        nonlocal said
        if done - said >= _STEP:
            said = done
            _step(session, number, done)
            each_step()

    path = folder / f"export{wanted.format.suffix}"
    rows = exports.write(reading, wanted, path, now, told)
    _step(session, number, rows)
    each_step()
    plain, title = exports.file_name(reading, wanted, now)
    with path.open("rb") as made:
        for part, content in enumerate(iter(lambda: made.read(_PART), b"")):
            queue.keep(session, number, part, content)
    _step(session, number, rows)
    names = {"file_name": plain, "file_title": title, "size": path.stat().st_size}
    until = datetime.now(UTC) + KEPT
    _end(session, number, "done", {**names, "total": rows, "done": rows, "expires_at": until})


def _step(session: Session, number: int, done: int) -> None:
    """Tell how far a job is. Raises CancelledError where it was called off."""
    job = queue.locked(session, number)
    if job is None or job["state"] not in UNFINISHED:
        raise CancelledError
    queue.advance(session, number, {"done": done})


def _end(session: Session, number: int, state: str, values: dict[str, Any]) -> None:
    told = {"state": state, "finished_at": datetime.now(UTC), **values}
    queue.advance(session, number, told)


def _order(job: RowMapping) -> Order:
    options = job["options"]
    at = datetime.fromisoformat(options["at"]) if options["at"] else None
    zone = ZoneInfo(options["zone"])
    return Order(
        *(job["layer"], job["format"], options["crs"], at, options["filters"], zone),
        *(Ground.read(options["ground"]), options["holder"]),
    )


def cancel(session: Session, number: int, holder: int | None = None) -> None:
    """Call a job off. Raises NotFound ``no_export``, InvalidMove ``export_over``."""
    one(session, number, holder)
    job = _there(queue.locked(session, number), number)
    if job["state"] not in UNFINISHED:
        raise InvalidMove("export_over")
    _end(session, number, "cancelled", {})


def one(session: Session, number: int, holder: int | None = None) -> RowMapping:
    """A job with its progress, if the account `holder` ordered it, where one is told.

    Raises NotFound ``no_export`` (job).
    """
    return _there(queue.job(session, number, holder), number)


def _there(found: RowMapping | None, number: int) -> RowMapping:
    if found is None:
        raise NotFound("no_export", job=number)
    return found


def listing(session: Session, holder: int | None = None) -> Sequence[RowMapping]:
    """The newest jobs first; only those of the account `holder`, where one is told."""
    return queue.listing(session, MOST_LISTED, holder)


def file(session: Session, number: int, holder: int | None = None) -> File:
    """What is known of a made file, told to the account `holder` as `one` does.

    Raises NotFound ``no_export``, ``export_gone``.
    """
    job = one(session, number, holder)
    if job["state"] != "done" or not queue.count(session, number):
        raise NotFound("export_gone")
    media = exports.FORMATS[job["format"]].media
    return File(job["file_name"], job["file_title"], job["size"], media)


def content(session: Session, number: int) -> Iterator[bytes]:
    """The bytes of a made file, a part at a time."""
    return queue.parts(session, number)


def expire(session: Session, now: datetime) -> list[int]:
    """Let go of the files whose time is over; the jobs they were of."""
    return queue.expire(session, now, MOST_BYTES)
