"""Hotline tickets come in as files: each ticket once, bad rows kept, cut-off imports resumed."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Literal

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import areas, imports, issues, tallies
from geodata.db.queue import BROKEN, note_broken
from geodata.domain.crs import Datum
from geodata.domain.deadline import Calendar
from geodata.domain.privacy import masked
from geodata.errors import InvalidFile, InvalidRow, NotFound
from geodata.files import sandbox, tickets
from geodata.files.refused import corrected
from geodata.files.tickets import Ticket
from geodata.services import aliases, contacts, placing
from geodata.services.district import box
from geodata.services.geocoding import Locator
from geodata.services.placing import Desk, Placed
from geodata.services.reporting import due
from geodata.services.sealing import Sealer

WEEK: Final = Calendar()
"""The plain week, where nobody has said which days are off."""

BATCH: Final = 500
"""Rows in one transaction; after a kill at most so many are done again."""

LONGEST_NAME: Final = 120
"""Characters of a file name that are kept, from its end."""

MOST_SHOWN: Final = 200
"""Refused rows in one answer."""

Words = Callable[[str, Mapping[str, object]], str]
"""Puts a code and its facts into a sentence."""

State = Literal["waiting", "running", "done", "failed"]
Row = Ticket | InvalidRow
Columns = dict[str, list[str] | dict[str, str]]
"""Recognised (header by field), unknown and dropped columns of a file."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is, in rows of the file."""

    total: int
    done: int
    state: State


def submit(
    session: Session, content: bytes, name: str, channel: str, datum: Datum, *senders: int
) -> tuple[int, bool]:
    """Take a file in and give the id of its job, and whether it is new.

    The same bytes for the same channel and datum are the same job: it is not done twice, and
    goes on where it was cut off. The accounts `senders` may follow it from here on.
    """
    digest = hashlib.sha256(content).hexdigest()
    name = "".join(c for c in name if c.isprintable())[-LONGEST_NAME:] or "?"
    facts = {"file_name": masked(name), "sha256": digest, "channel": channel, "datum": datum}
    return imports.add(session, {**facts, "content": content, "senders": list(senders)})


@dataclass(frozen=True, slots=True)
class Means:
    """What a job is worked off with; without a sealer columns about reporters are dropped."""

    locator: Locator
    sealer: Sealer | None = None
    calendar: Calendar = WEEK


def run(
    session: Session,
    number: int,
    locator: Locator,
    sealer: Sealer | None = None,
    calendar: Calendar = WEEK,
) -> Iterator[Progress]:
    """Work a job off, batch by batch; the caller commits each time something is yielded.

    Columns about reporters are kept sealed, and dropped where there is no `sealer`; deadlines that
    a file does not tell are counted by the `calendar`.

    A file that cannot be read at all ends the job as ``failed`` with the reason. Several may run
    one job at once: each batch is done by one of them.
    """
    job = one(session, number)
    if job["state"] in ("done", "failed"):
        return
    try:
        rows, columns = _read(imports.content(session, number), job["file_name"], sealer)
    except InvalidFile as refused:
        error = {"code": refused.code, "facts": {"file": job["file_name"], **refused.facts}}
        imports.advance(session, number, {"state": "failed", "error": error, **_finished()})
        yield Progress(0, 0, "failed")
        return
    imports.advance(session, number, {"total": len(rows), "columns": columns})
    state: State = "running"
    while state == "running":
        try:
            progress = _batch(session, number, rows, Means(locator, sealer, calendar))
        except BROKEN as broken:
            note_broken("import", number, broken)
            session.rollback()
            error = {"code": "job_broken", "facts": {}}
            imports.advance(session, number, {"state": "failed", "error": error, **_finished()})
            progress = Progress(len(rows), job["done"], "failed")
        state = progress.state
        yield progress


def _read(content: bytes, name: str, sealer: Sealer | None) -> tuple[list[Row], Columns]:
    """All rows of a file, read in a child process, and what its columns are. Raises InvalidFile."""
    file = sandbox.read(content, name)
    sealed = list(file.header.contacts) if sealer else []
    columns: Columns = {
        "recognised": file.header.recognised,
        "unknown": list(file.header.unknown),
        "dropped": list(file.header.dropped if sealer else file.header.personal),
        "sealed": sealed,
    }
    return list(file.rows), columns


def _batch(session: Session, number: int, rows: Sequence[Row], means: Means) -> Progress:
    """The next rows that nobody has done, in one transaction."""
    job = imports.locked(session, number)
    if job is None or job["state"] == "done":
        return Progress(len(rows), len(rows), "done")
    part = rows[job["done"] : job["done"] + BATCH]
    counts = _take(session, job, part, means)
    done = job["done"] + len(part)
    state: State = "done" if done >= len(rows) else "running"
    if state == "done":
        tallies.fold(session)
    imports.advance(
        session,
        number,
        {
            "state": state,
            "done": done,
            **(_finished() if state == "done" else {}),
            **{name: job[name] + count for name, count in counts.items()},
        },
    )
    return Progress(len(rows), done, state)


def _finished() -> dict[str, Any]:
    """What becomes of a job at its end: the file itself, contacts and all, is let go."""
    return {"finished_at": datetime.now(UTC), "content": b""}


def _take(session: Session, job: RowMapping, rows: Sequence[Row], means: Means) -> dict[str, int]:
    """Store the good rows of a batch and keep the bad ones; how many were new, known, unplaced."""
    desk, sealer = _desk(session, job, means), means.sealer
    fresh = [row for row in rows if isinstance(row, Ticket)]
    stored = issues.known_tickets(session, job["channel"], [row.ticket for row in fresh])
    judged = [desk.place(row) for row in fresh if row.ticket not in stored]
    bad = [row for row in (*rows, *judged) if isinstance(row, InvalidRow)]
    placed = [row for row in judged if isinstance(row, Placed)]
    imports.refuse(session, [_refusal(job, row, sealer) for row in bad])
    added = placing.store(session, job, placed)
    if sealer:
        contacts.keep_imported(session, sealer, placed, added)
    imports.settle(session, job["channel"], [row.ticket for row in added])
    _note(session, job, desk)
    return {
        "added": len(added),
        "known": len(stored) + len(placed) - len(added),
        "unplaced": sum(row.grid_id is None for row in added),
    }


def _desk(session: Session, job: RowMapping, means: Means) -> Desk:
    ground = areas.first_district(session)
    if ground is None:
        raise NotFound("no_district")
    kinds = issues.categories(session)
    return Desk(
        locator=means.locator,
        datum=job["datum"],
        extent=box(ground["box"]),
        categories={row["code"]: row["id"] for row in kinds},
        due={row["code"]: partial(due, row, calendar=means.calendar) for row in kinds},
        communities=areas.community_codes(session),
        taken_at=job["created_at"],
    )


def _note(session: Session, job: RowMapping, desk: Desk) -> None:
    """Remember what columns said that is none of ours, by the file's own column names."""
    if not desk.strange:
        return
    columns = dict(job["columns"])
    noted = dict(columns.get("strange", {}))
    for name, values in desk.strange.items():
        header = _header(job, name if name != "category" else _category_field(job))
        known = set(noted.get(header, ())) | values
        noted[header] = sorted(known)[: placing.MOST_NOTED]
    imports.advance(session, job["id"], {"columns": {**columns, "strange": noted}})


def _category_field(job: RowMapping) -> str:
    """The most particular column that tells the category."""
    recognised = job["columns"]["recognised"]
    fields = ("category_minor", "category_major", "category_type")
    return next((name for name in fields if name in recognised), fields[0])


def _refusal(job: RowMapping, row: InvalidRow, sealer: Sealer | None) -> dict[str, Any]:
    facts = {"row": row.row, "column": _header(job, row.column), "code": row.code}
    facts |= contacts.set_aside(sealer, row.contact, job["id"], row.row)
    return {"job_id": job["id"], **facts, "facts": row.facts, "raw": row.raw}


def _header(job: RowMapping, column: str) -> str:
    """What the file itself calls a column; judges of a row know it by its field only."""
    recognised: Mapping[str, str] = (job["columns"] or {}).get("recognised", {})
    return recognised.get(column, column)


def correct(
    session: Session,
    number: int,
    row: int,
    raw: Mapping[str, str],
    locator: Locator,
    sealer: Sealer | None = None,
) -> dict[str, int]:
    """Try a refused row again with corrected cells: how many were added, known and unplaced.

    Raises NotFound where there is no such refused row, InvalidRow (with row, column and reason)
    where it still cannot be taken, and InvalidFile where its columns no longer make a header; the
    row then stays as it was. Cells that are not given stay as they are.
    """
    job = imports.locked(session, number)
    kept = imports.refused_one(session, number, row) if job is not None else None
    if job is None or kept is None:
        raise NotFound("no_refused_row", row=row)
    desk = _desk(session, job, Means(locator))
    try:
        ticket = tickets.read_row(corrected(kept["raw"], raw), row)
    except InvalidFile as refused:
        refused.facts["file"] = job["file_name"]
        raise
    judged = ticket if isinstance(ticket, InvalidRow) else desk.place(ticket)
    if isinstance(judged, InvalidRow):
        column = _header(job, judged.column)
        judged.facts |= {"file": job["file_name"], "row": row, "column": column}
        raise judged
    known = issues.known_tickets(session, job["channel"], [judged.values["ticket"]])
    added = [] if known else placing.store(session, job, [judged])
    counts = {
        "added": len(added),
        "known": 1 - len(added),
        "unplaced": sum(one.grid_id is None for one in added),
    }
    if added and sealer:
        contacts.keep(session, sealer, "import", {added[0].id: contacts.taken_up(sealer, kept)})
    if added and not isinstance(ticket, InvalidRow):
        said = kept["raw"].get(_header(job, "address"), "")
        if said and said != ticket.address:
            aliases.remember(session, said, locator.locate(ticket.address), locator)
    imports.corrected(session, number, row)
    imports.advance(session, number, {name: job[name] + n for name, n in counts.items()})
    return counts


def one(session: Session, number: int, holder: int | None = None) -> RowMapping:
    """A job with its progress and counts; only of the account `holder`, where one is told.

    Raises NotFound.
    """
    found = imports.job(session, number, holder)
    if found is None:
        raise NotFound("no_import", job=number)
    return found


def listing(session: Session, holder: int | None = None) -> Sequence[RowMapping]:
    """The newest imports first."""
    return imports.listing(session, 50, holder)


def refused(session: Session, number: int) -> Sequence[RowMapping]:
    """The rows of a job that wait for correction. Raises NotFound."""
    one(session, number)
    return imports.refused(session, number, MOST_SHOWN)
