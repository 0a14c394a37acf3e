"""Layers and lists come in: staged as they are, judged, tried, and only then applied."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast

import numpy as np
import shapely
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import known, loads
from geodata.db.queue import BROKEN, call, note_broken
from geodata.domain.crs import Box
from geodata.domain.privacy import masked
from geodata.domain.roles import EVERYWHERE, Scope
from geodata.errors import InvalidFile, InvalidMove, WanggeError
from geodata.files import projection
from geodata.files.fields import FIELDS, Kind
from geodata.files.refused import table_csv
from geodata.services.imports import LONGEST_NAME, Progress, Words
from geodata.services.loading import applying, evidence, jobs, staging
from geodata.services.loading.systems import settled

MOST_SHOWN: Final = 300
"""Lines of a report in one answer."""

GIVEN: Final = ("since", "district", "district_name")
"""What a caller may tell for all rows besides the fields of the kind."""

State = Literal["waiting", "running", "asked", "checked", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Request:
    """A file with what is to be made of it.

    `layer` is needed where a file has several; `crs` where it tells none or a doubtful one;
    `mapping` gives our field by column, `values` what holds for all rows by field; `communities`
    are the only ones whose grids may change; `repair` asks for dirty borders to be put right;
    the account `sender` may follow it. Rows about grids outside `ground` are refused.
    """

    kind: Kind
    content: bytes
    file_name: str
    layer: str = ""
    crs: str = ""
    mapping: Mapping[str, str] | None = None
    values: Mapping[str, str] | None = None
    communities: Sequence[str] = ()
    repair: bool = False
    dry_run: bool = True
    sender: int | None = None
    ground: Scope = EVERYWHERE


def submit(session: Session, request: Request) -> tuple[int, bool]:
    """Take a file in and give the id of its job, and whether it is new.

    The same bytes, kind and options are the same job: one that is under way goes on, one that has
    ended is done anew from its staged rows. Raises InvalidFile ``crs_unknown``, ``value_unknown``
    (field, fields).
    """
    if request.crs:
        projection.reference(request.crs)
    given = dict(request.values or {})
    known = {*FIELDS[request.kind], *GIVEN}
    for field in given:
        if field not in known:
            raise InvalidFile("value_unknown", field=field, fields=sorted(known))
    name = "".join(c for c in request.file_name if c.isprintable())[-LONGEST_NAME:] or "?"
    row = {
        "kind": request.kind,
        "file_name": masked(name),
        "sha256": hashlib.sha256(request.content).hexdigest(),
        "options": {
            "layer": request.layer,
            "mapping": dict(request.mapping or {}),
            "values": given,
            "communities": sorted(set(request.communities)),
            "repair": request.repair,
            **_outlined(request.ground),
        },
    }
    fresh = {"content": request.content, "crs": request.crs, "dry_run": request.dry_run}
    added = loads.add(session, {**row, **fresh})
    number = _again(session, row, fresh) if added is None else added
    if request.sender is not None:
        loads.hold(session, number, request.sender)
    call(session)
    return number, added is not None


def _outlined(ground: Scope) -> dict[str, Any]:
    """The ground as a job keeps it: nothing for everywhere."""
    told = {"prefixes": list(ground.prefixes), "grids": list(ground.grids)}
    return {} if ground.everywhere else {"ground": told}


def _again(session: Session, row: Mapping[str, Any], fresh: Mapping[str, Any]) -> int:
    """The job of a file that came before, set to work again where it has ended."""
    old = loads.find(session, row)
    if old is None:
        raise InvalidMove("load_busy")
    number = int(old["id"])
    if old["state"] in jobs.OVER:
        if not old["staged"]:
            loads.unstage(session, number)
        _restart(session, number, {**fresh, "content": b"" if old["staged"] else fresh["content"]})
    else:
        loads.advance(session, number, {"dry_run": old["dry_run"] and fresh["dry_run"]})
    return number


def answer(session: Session, number: int, crs: str) -> None:
    """Say in which coordinate system a file is, after it was asked; the job goes on.

    Raises NotFound, InvalidFile ``crs_unknown``, and InvalidMove ``load_not_asked``.
    """
    job = jobs.held(session, number)
    projection.reference(crs)
    if job["state"] != "asked":
        raise InvalidMove("load_not_asked")
    _restart(session, number, {"crs": crs})
    call(session)


def apply(session: Session, number: int) -> None:
    """Let a job that was only tried change the map.

    Raises NotFound, InvalidMove ``load_not_tried``.
    """
    job = jobs.held(session, number)
    if job["state"] != "checked":
        raise InvalidMove("load_not_tried")
    _restart(session, number, {"dry_run": False})
    call(session)


def _restart(session: Session, number: int, values: Mapping[str, Any]) -> None:
    counts = dict.fromkeys(("done", "added", "changed", "same"), 0)
    rest = {"state": "waiting", "error": None, "finished_at": None, "system": ""}
    loads.advance(session, number, {**counts, **rest, **values})


def run(session: Session, number: int) -> Iterator[Progress]:
    """Work a job off; the caller commits each time something is yielded.

    A dry run ends ``checked``, with everything counted and nothing changed; one whose coordinate
    system is doubtful ends ``asked``; one that cannot be taken ends ``failed`` with the reason.
    """
    try:
        yield from staging.stage(session, number)
        yield from _apply(session, number)
    except WanggeError as refused:
        yield _ended(session, number, refused)
    except BROKEN as broken:
        note_broken("load", number, broken)
        session.rollback()
        yield _ended(session, number, InvalidFile("job_broken"))


def _apply(session: Session, number: int) -> Iterator[Progress]:
    """Settle the coordinate system, then try or apply the rows, batch by batch."""
    job = jobs.one(session, number)
    if job["state"] in jobs.OVER:
        return
    if not job["system"]:
        system = _system(session, job)
        loads.forget(session, number)
        loads.advance(session, number, {"system": system, "done": 0, "state": "running"})
        yield Progress(job["total"], 0, "running")
    state = "running"
    while state == "running":
        progress = _batch(session, number)
        state = progress.state
        yield progress


def _system(session: Session, job: RowMapping) -> str:
    """The system of the job's shapes; ``-`` where it has none or they mean nothing."""
    sample = loads.sample(session, job["id"], evidence.MOST)
    if not sample or not applying.has_shapes(job["kind"]):
        return "-"
    shapes, known = evidence.gathered(session, job, sample)
    return str(settled(job["layer"]["crs"], job["crs"], shapes, known))


def _batch(session: Session, number: int) -> Progress:
    """The next rows that nobody has done, in one transaction; all where they hang together."""
    job = jobs.held(session, number)
    if job["state"] in jobs.OVER:
        return Progress(job["total"], job["total"], "done")
    size = staging.BATCH if applying.is_row_by_row(job["kind"]) else None
    rows = loads.staged(session, number, after=job["done"], limit=size)
    outcome = applying.attempt(session, job, rows)
    loads.note(session, [_note(job, note) for note in outcome.notes])
    done = int(rows[-1]["row"]) if rows else job["done"]
    more = size is not None and len(rows) == size
    state: State = "running" if more else "checked" if job["dry_run"] else "done"
    counts = {name: job[name] + getattr(outcome, name) for name in ("added", "changed", "same")}
    ended = {} if more else {"finished_at": datetime.now(UTC)}
    loads.advance(session, number, {"state": state, "done": done, **counts, **ended})
    seen = sum(counts.values()) + job["refused"]
    return Progress(job["total"], min(seen, job["total"]), "running" if more else "done")


def _note(job: RowMapping, note: Any) -> dict[str, Any]:
    column = job["columns"]["recognised"].get(note.column, note.column)
    facts = {name: _fact(value) for name, value in note.facts.items()}
    told = {"row": note.row, "column": column, "grade": note.grade, "code": note.code}
    return {"job_id": job["id"], **told, "facts": facts}


def _fact(value: Any) -> Any:
    return masked(value)[:200] if isinstance(value, str) else value


def _ended(session: Session, number: int, refused: WanggeError) -> Progress:
    """A job that goes no further: asked, or refused as a whole; what was found is kept."""
    notes = cast("list[Any]", getattr(refused, "notes", []))
    job = jobs.one(session, number)
    loads.forget(session, number)
    loads.note(session, [_note(job, note) for note in notes])
    state: State = "asked" if refused.code == "crs_doubtful" else "failed"
    error = {"code": refused.code, "facts": {"file": job["file_name"], **refused.facts}}
    values = {"state": state, "error": error, "finished_at": datetime.now(UTC)}
    loads.advance(session, number, values)
    return Progress(job["total"] or 0, 0, "failed")


def one(session: Session, number: int, holder: int | None = None) -> RowMapping:
    """A job with its progress and counts; raises NotFound where `holder` did not send it in."""
    return jobs.one(session, number, holder)


def listing(session: Session, holder: int | None = None) -> Sequence[RowMapping]:
    """The newest jobs first."""
    return loads.listing(session, 50, holder)


def extent(session: Session, job: RowMapping) -> Box | None:
    """Around the shapes of a job's rows (west, south, east, north; degrees), or None without any.

    Of a large file some rows, evenly chosen, speak for all.
    """
    sample = loads.sample(session, job["id"], evidence.MOST)
    if not sample or job["system"] in ("", "-"):
        return None
    corners = shapely.get_coordinates([shapely.from_wkb(bytes(row["shape"])) for row in sample])
    lonlat = projection.degrees(projection.reference(job["system"]), corners)
    if not lonlat.size or not np.isfinite(lonlat).all():
        return None
    (west, south), (east, north) = lonlat.min(axis=0).tolist(), lonlat.max(axis=0).tolist()
    return west, south, east, north


def known_near(session: Session, lon: float, lat: float) -> str:
    """The name of the street or building nearest to a place (degrees); empty where none is near."""
    return known.named_near(session, lon, lat)


def scope_of(job: RowMapping) -> Scope:
    """The ground outside which a job changes nothing."""
    return applying.scope_of(job)


def report(session: Session, number: int, limit: int | None = MOST_SHOWN) -> Sequence[RowMapping]:
    """What was refused, repaired and flagged in a job, with the row's cells. Raises NotFound."""
    jobs.one(session, number)
    return loads.notes(session, number, limit)


def report_file(session: Session, number: int, words: Words, grades: Mapping[str, str]) -> bytes:
    """The whole report as a CSV: file, row, column, grade, reason and the row's cells.

    `words` puts a code and its facts into a sentence, `grades` names the grades. Phone and identity
    numbers are masked. Raises NotFound.
    """
    job = jobs.one(session, number)
    notes = loads.notes(session, number)
    names = list(dict.fromkeys(name for note in notes for name in note["cells"] or {}))
    head = ("文件", "行", "列", "结果", "原因")
    body = [
        [
            *(job["file_name"], str(note["row"] or ""), note["column"], grades[note["grade"]]),
            masked(words(note["code"], note["facts"])),
            *(masked((note["cells"] or {}).get(name, "")) for name in names),
        ]
        for note in notes
    ]
    return table_csv([*head, *names], body)
