"""Reports of coverage: ordered by hand or by schedule, made in the background, kept and listed.

A report keeps the picture of its moment as numbers, and the files made of it: it says the same
for ever, whatever becomes of the ground.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import areas
from geodata.db import coverage_reports as queue
from geodata.db.queue import BROKEN, UNFINISHED, call, note_broken
from geodata.db.scoping import Ground
from geodata.domain import span
from geodata.domain.span import Every, Span
from geodata.errors import Conflict, NotFound, WanggeError
from geodata.files.pictures import WRITERS
from geodata.services import coverage_picture, coverage_report, picture_tables
from geodata.services.coverage_picture import Picture
from geodata.services.indicators import Asked
from geodata.services.picture_tables import Source

STEPS: Final = 2 + len(WRITERS)
"""What a report takes: the look, the keeping, and each file."""
MOST_UNFINISHED: Final = 20
MOST_LISTED: Final = 60


def order(
    session: Session, area: str, name: str, ground: Ground, account: int | None, now: datetime
) -> int:
    """Order the report of an area and span; its id, which is the old one where it waits already.

    Raises NotFound ``no_span``, Conflict ``reports_many`` (limit) where the account waits for as
    many.
    """
    span.named(name)
    values = _values(area, name, ground.written(), account, now)
    if (waits := queue.same(session, values)) is not None:
        return waits
    if queue.unfinished(session, account) >= MOST_UNFINISHED:
        raise Conflict("reports_many", limit=MOST_UNFINISHED)
    number = queue.put(session, values)
    call(session)
    return number


def _values(
    area: str, name: str, ground: Mapping[str, Any], account: int | None, now: datetime
) -> dict[str, Any]:
    return {
        "area_code": area,
        "span": name,
        "ground": ground,
        "account_id": account,
        "created_at": now,
        "total": STEPS,
    }


def schedule(
    session: Session, area: str, every: Every, ground: Ground, account: int, now: datetime
) -> int:
    """Have the report of an area made whenever a week or month is over; the schedule's id."""
    return queue.add_schedule(
        session,
        {
            "area_code": area,
            "every": every,
            "ground": ground.written(),
            "account_id": account,
            "created_at": now,
        },
    )


def end_schedule(session: Session, number: int, reach: Ground) -> None:
    """End a schedule on one's ground. Raises NotFound ``no_schedule``."""
    if all(row["id"] != number for row in schedules(session, reach)):
        raise NotFound("no_schedule")
    queue.end_schedule(session, number)


def order_due(session: Session, now: datetime, zone: tzinfo) -> int:
    """Order what the schedules make of the week and month that are over; how many are new."""
    new = 0
    for row in queue.schedules(session):
        over = span.present(row["every"], now, zone).before()
        if row["made"] == over.name:
            continue
        values = _values(row["area_code"], over.name, row["ground"], row["account_id"], now)
        new += queue.add(session, {**values, "schedule_id": row["id"]}) is not None
        queue.note_made(session, row["id"], over.name)
    if new:
        call(session)
    return new


def coming(row: RowMapping, now: datetime, zone: tzinfo) -> tuple[Span, date]:
    """What a schedule makes next: of which week or month, and on which day in a zone."""
    present = span.present(row["every"], now, zone)
    over = present.before()
    if row["made"] != over.name:
        return over, now.astimezone(zone).date()
    return present, present.last + timedelta(days=1)


def run(
    session: Session,
    reading: Session,
    now: datetime,
    zone: ZoneInfo,
    step: Callable[[], None],
    face: str = "",
) -> int | None:
    """Make the next report; its id, or None where none waits.

    `step` commits `session`, so that others see how far it is; `reading` looks at the store, and
    holds the report against other workers until it is closed. `face` is the file of the face that
    maps are written in; without, the machine's best.
    """
    number = queue.taken(reading)
    if number is None:
        return None
    queue.advance(session, number, {"state": "running", "done": 0})
    step()
    try:
        _make(session, reading, (number, face), now, zone, step)
    except WanggeError as refused:
        _fail(session, number, {"code": refused.code, "facts": refused.facts}, now)
    except BROKEN as broken:
        note_broken("report", number, broken)
        session.rollback()
        _fail(session, number, {"code": "job_broken", "facts": {}}, now)
    step()
    return number


def _fail(session: Session, number: int, error: dict[str, Any], now: datetime) -> None:
    queue.advance(session, number, {"state": "failed", "error": error, "finished_at": now})


def _make(
    session: Session,
    reading: Session,
    job: tuple[int, str],
    now: datetime,
    zone: ZoneInfo,
    step: Callable[[], None],
) -> None:
    number, face = job
    source = _source(reading, face)
    picture = _picture(reading, _there(queue.one(session, number)), now, zone)
    pages, maps = (
        picture_tables.pages(picture, _cells(reading, picture), source),
        picture_tables.maps(picture, source),
    )
    queue.advance(session, number, {"content": coverage_picture.plain(picture)})
    for done, (form, (write, _, _)) in enumerate(WRITERS.items(), 1):
        if not queue.advance(session, number, {"done": done}):
            return  # called off
        step()
        queue.keep(session, number, form, write(pages, maps))
    queue.advance(session, number, {"state": "done", "done": STEPS, "finished_at": now})


def _source(reading: Session, face: str) -> Source:
    district = areas.first_district(reading)
    if district is None:
        return Source(face=face)
    return Source(district["name"], district["synthetic"], face)


def _picture(reading: Session, job: RowMapping, now: datetime, zone: ZoneInfo) -> Picture:
    ground = Ground.read(job["ground"])
    report = coverage_report.report(reading, now, ground)
    area = coverage_report.area(reading, report, ground, job["area_code"])
    asked = Asked(area, span.named(job["span"]), "area", now, zone)
    return coverage_picture.taken(reading, report, asked, str(zone))


def _cells(reading: Session, picture: Picture) -> dict[str, Any]:
    return coverage_picture.ground(reading, picture.tier, [part.code for part in picture.parts])


def listing(session: Session, reach: Ground) -> list[RowMapping]:
    """The newest reports on one's ground."""
    rows = queue.listing(session, MOST_LISTED)
    return [row for row in rows if _within(row, reach)]


def schedules(session: Session, reach: Ground) -> list[RowMapping]:
    """The schedules on one's ground."""
    return [row for row in queue.schedules(session) if _within(row, reach)]


def one(session: Session, number: int, reach: Ground) -> RowMapping:
    """A report on one's ground. Raises NotFound ``no_report``."""
    found = _there(queue.one(session, number))
    if not _within(found, reach):
        raise NotFound("no_report")
    return found


def picture(session: Session, number: int, reach: Ground, zone: tzinfo) -> Picture:
    """What a made report tells. Raises NotFound ``no_report``."""
    one(session, number, reach)
    told = queue.content(session, number)
    if told is None:
        raise NotFound("no_report")
    return coverage_picture.read(told, zone)


def file(session: Session, number: int, form: str, reach: Ground) -> bytes:
    """A file of a made report. Raises NotFound ``no_report``."""
    one(session, number, reach)
    made = queue.file(session, number, form) if form in WRITERS else None
    if made is None:
        raise NotFound("no_report")
    return made


def drop(session: Session, number: int, reach: Ground) -> None:
    """Throw a report away, or call one off. Raises NotFound ``no_report``."""
    one(session, number, reach)
    queue.drop(session, number)


def _there(found: RowMapping | None) -> RowMapping:
    if found is None:
        raise NotFound("no_report")
    return found


def _within(row: RowMapping, reach: Ground) -> bool:
    """Whether all the ground that a report tells of is one's own."""
    if reach.whole:
        return True
    told = Ground.read(row["ground"])
    inside = told.communities <= reach.communities and told.grid_codes <= reach.grid_codes
    return inside and not told.whole


def waiting(rows: Sequence[RowMapping]) -> bool:
    """Whether any of some reports is still being made."""
    return any(row["state"] in UNFINISHED for row in rows)
