"""Communities come in with their ground; all of it is uncovered until grids are loaded."""

from collections.abc import Sequence
from typing import Any

from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping

from geodata.db import ground, tables
from geodata.errors import InvalidFile
from geodata.services.loading import areas, numbering
from geodata.services.loading.coverage import divided, merged, same, sound_rows
from geodata.services.loading.publishing import publish
from geodata.services.loading.repair import repaired
from geodata.services.loading.rows import Outcome, Row, Task

_ALL = "district"


def load_communities(task: Task, rows: Sequence[Row]) -> None:
    """The communities of a district; the first file of them may set up the district itself.

    Their ground together becomes the district's. Once a community has grids, its ground is theirs:
    then names change, and another ground is refused. Raises InvalidFile ``coverage_dirty``,
    ``district_unknown`` or ``codes_twice``.
    """
    outcome = task.outcome
    known = {row["code"]: row for row in ground.communities(task.session)}
    if any(row["kind"] != "uncovered" for row in ground.present(task.session)):
        _renamed(task, rows, known, outcome)
        return
    taken = sound_rows(rows, outcome, tangled=task.repair)
    taken = repaired(task, taken, outcome)
    named = {f"{row.number:09d}": row for row in taken}
    whole = merged([row.shape for row in taken if row.shape is not None]) if taken else None
    found = divided(
        named,
        dict.fromkeys(named, _ALL),
        {_ALL: whole or MultiPolygon()},
        {},
        outcome,
    )
    if whole is None:
        raise InvalidFile("file_empty")
    district = _district(task, taken, whole, outcome)
    codes = _stored(task, named, district, known, outcome)
    _put(task, {codes[key]: shape for key, shape in found.cells.items()}, outcome)


def _district(task: Task, rows: Sequence[Row], whole: BaseGeometry, outcome: Outcome) -> RowMapping:
    """The district, set up from the communities where there is none."""
    known = ground.first(task.session)
    if known is not None:
        if not ground.communities(task.session):
            areas.compare_outline(known, whole, outcome)
        return known
    codes = {row.text("code")[:6] for row in rows if len(row.text("code")) == 12}  # noqa: PLR2004
    told = {row.text("district") for row in rows} - {""}
    given = task.given.get("district", "")
    code = given or (told.pop() if len(told) == 1 else codes.pop() if len(codes) == 1 else "")
    name = task.given.get("district_name", "") or rows[0].text("district_name")
    areas.begin(task.session, code, name, whole)
    outcome.flag(0, "district_made", code=code, name=name or code)
    made = ground.first(task.session)
    assert made is not None  # noqa: S101 -- it was stored a line above
    return made


def _stored(
    task: Task,
    rows: dict[str, Row],
    district: RowMapping,
    known: dict[str, RowMapping],
    outcome: Outcome,
) -> dict[str, str]:
    """The code of each row's community, stored with its name and street."""
    codes: dict[str, str] = {}
    for key, row in sorted(rows.items()):
        streets = ground.streets(task.session)
        street, made = areas.street_of(task, row, streets, district)
        if made:
            outcome.flag(row.number, "street_made", code=street)
        code = _code(row, street, {**known, **dict.fromkeys(codes.values())}, codes)
        codes[key] = code
        _one(task, row, code, street, known.get(code), outcome)
    gone = sorted(set(known) - set(codes.values()))
    if gone:
        raise InvalidFile("communities_missing", codes=gone)
    return codes


def _code(row: Row, street: str, known: dict[str, Any], codes: dict[str, str]) -> str:
    """The code of a row's community: as given, as known by its name, or a new one."""
    code, name = row.text("code"), row.text("name")
    named = [c for c, r in known.items() if r is not None and r["name"] == name]
    if code and not numbering.is_usable(code):
        raise InvalidFile("code_unusable", value=code, row=row.number)
    code = code or (named[0] if len(named) == 1 else "")
    code = code or numbering.made(street, list(known), "community")
    if code in codes.values():
        raise InvalidFile("codes_twice", value=code, row=row.number)
    return code


def _one(
    task: Task, row: Row, code: str, street: str, old: RowMapping | None, outcome: Outcome
) -> None:
    told: dict[str, Any] = {"name": row.text("name") or code, "name_en": row.text("name_en")}
    if old is None:
        scheme = numbering.scheme(code, street, "community")
        values = {"code": code, "street_code": street, "code_scheme": scheme, **told}
        ground.add(task.session, tables.community, values)
        return outcome.count(new=True)
    different = any(old[key] != value for key, value in told.items())
    if different:
        ground.change(task.session, tables.community, code, told)
    return outcome.count(new=False, different=different)


def _put(task: Task, shapes: dict[str, BaseGeometry], outcome: Outcome) -> None:
    """Their ground becomes their uncovered cells."""
    before = ground.present(task.session)
    cells = {areas.uncovered(task.session, code): shape for code, shape in shapes.items()}
    told = areas.since(task)
    moved = publish(task.session, cells, before, task.at, outcome, since=told)
    again = moved & {int(row["id"]) for row in before}
    outcome.same -= min(len(again), outcome.same)
    outcome.changed += len(again)


def _renamed(
    task: Task, rows: Sequence[Row], known: dict[str, RowMapping], outcome: Outcome
) -> None:
    """Names of communities that have grids; their ground is redrawn by their grids only."""
    by_name = {row["name"]: row for row in known.values()}
    for row in rows:
        old = known.get(row.text("code")) or by_name.get(row.text("name"))
        if old is None:
            outcome.refuse(row.number, "community_new", "name", value=row.text("name"))
            continue
        if row.shape is not None and not _is_ground_of(row.shape, old["shape"]):
            outcome.refuse(row.number, "community_has_grids", value=old["code"])
            continue
        _one(task, row, old["code"], old["street_code"], old, outcome)


def _is_ground_of(shape: BaseGeometry, stored: BaseGeometry) -> bool:
    """Whether a shape is the stored one but for the noise of snapping."""
    if not shape.is_valid:
        return False
    snapped = merged([shape])
    different = snapped.symmetric_difference(stored)
    return same(snapped, stored) or bool(different.area <= stored.length * 2**-23 * 8)
