"""Staged rows become what they tell, or what they would become: a trial is taken back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import shapely
from sqlalchemy import RowMapping, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geodata.db import ground, scoping
from geodata.domain.roles import EVERYWHERE, Scope
from geodata.errors import Conflict, WanggeError
from geodata.files import projection
from geodata.files.fields import SHAPES, Kind
from geodata.services.loading.areas import load_district, load_streets
from geodata.services.loading.buildings import load_buildings
from geodata.services.loading.communities import load_communities
from geodata.services.loading.grids import load_grids
from geodata.services.loading.people import load_groups, load_workers
from geodata.services.loading.roads import load_roads
from geodata.services.loading.rows import Outcome, Row, Task
from geodata.services.loading.units import load_units

Loader = Callable[[Task, Sequence[Row]], None]

_LOADERS: Final[Mapping[Kind, Loader]] = {
    "district": load_district,
    "streets": load_streets,
    "communities": load_communities,
    "grids": load_grids,
    "buildings": load_buildings,
    "roads": load_roads,
    "workers": load_workers,
    "groups": load_groups,
    "units": load_units,
}
_ROW_BY_ROW: Final = ("buildings", "roads")
_CHECKED_NOW: Final = text("set constraints all immediate")
_CHECKED_LATER: Final = text("set constraints all deferred")


def has_shapes(kind: Kind) -> bool:
    """Whether the shapes of such a file mean anything."""
    return bool(SHAPES[kind])


def is_row_by_row(kind: Kind) -> bool:
    """Whether each row can be taken without the others."""
    return kind in _ROW_BY_ROW


def attempt(session: Session, job: RowMapping, rows: Sequence[Any]) -> Outcome:
    """What became of staged rows; the database's guard has judged it.

    In a dry run all of it is taken back. Raises what the loaders raise, with the report so far as
    `notes`, and Conflict ``guard_refused`` (why).
    """
    outcome = Outcome()
    taken = [_row(job, row) for row in rows if not _is_unread(row, outcome)]
    trial = session.begin_nested()
    try:
        _LOADERS[job["kind"]](_task(session, job, outcome), taken)
        session.execute(_CHECKED_NOW)
        session.execute(_CHECKED_LATER)
    except IntegrityError as refused:
        trial.rollback()
        why = str(refused.orig).splitlines()[0][:200]
        raise Conflict("guard_refused", why=why) from refused
    except WanggeError as refused:
        trial.rollback()
        refused.notes = outcome.notes  # type: ignore[attr-defined]
        raise
    if job["dry_run"]:
        trial.rollback()
    else:
        trial.commit()
    return outcome


def scope_of(job: RowMapping) -> Scope:
    """The ground outside which a job changes nothing; everywhere where it names none."""
    told = job["options"].get("ground")
    return EVERYWHERE if told is None else Scope(tuple(told["prefixes"]), tuple(told["grids"]))


def _task(session: Session, job: RowMapping, outcome: Outcome) -> Task:
    options = job["options"]
    at = ground.hold(session)
    return Task(
        session,
        job["kind"],
        options["values"],
        options["communities"],
        options["repair"],
        at,
        outcome,
        scoping.resolved(session, scope_of(job)),
    )


def _is_unread(row: Mapping[str, Any], outcome: Outcome) -> bool:
    """Whether a row could not be read from the file; then it is refused."""
    if row["code"]:
        outcome.refuse(row["row"], row["code"], row["column"], **row["facts"])
    return bool(row["code"])


def _row(job: RowMapping, row: Mapping[str, Any]) -> Row:
    """The row by our fields, its shape in degrees of WGS 84."""
    cells = row["cells"]
    told = {field: cells.get(name, "") for field, name in job["columns"]["recognised"].items()}
    given = {field: value for field, value in job["options"]["values"].items() if field not in told}
    shape = None
    if row["shape"] is not None and job["system"] not in ("", "-"):
        system = projection.reference(job["system"])
        drawn = shapely.from_wkb(bytes(row["shape"]))
        shape = shapely.transform(drawn, lambda xy: projection.degrees(system, xy))
    return Row(int(row["row"]), {**given, **told}, shape)
