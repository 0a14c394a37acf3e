"""The tiers above the grid come in: the district, its streets, its communities."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping, insert
from sqlalchemy.orm import Session

from geodata.db import ground, tables
from geodata.demo import facts
from geodata.domain import division
from geodata.errors import Conflict, InvalidFile
from geodata.services.loading import numbering
from geodata.services.loading.coverage import merged, multi, same, sound_rows
from geodata.services.loading.rows import Outcome, Row, Task

_ENOUGH_M2: Final = 1.0


def load_district(task: Task, rows: Sequence[Row]) -> None:
    """The district's outline, code and name; its ground is that of its communities once they come.

    Raises Conflict ``district_other`` (code) where another one is loaded, ``district_divided``
    where its ground is divided already, and InvalidFile ``district_unknown`` without a code.
    """
    outcome = task.outcome
    taken = sound_rows(rows, outcome)
    if not taken:
        return
    shape = multi(merged([row.shape for row in taken if row.shape is not None]))
    known = ground.first(task.session)
    code = _given(task, taken, "code") or (known["code"] if known is not None else "")
    told = {"name": _given(task, taken, "name") or code, "name_en": _given(task, taken, "name_en")}
    if known is None:
        begin(task.session, code, told["name"], shape, told["name_en"])
        outcome.count(new=True)
        return
    if known["code"] != code:
        raise Conflict("district_other", value=known["code"])
    moved = not same(known["shape"], shape)
    if moved and ground.communities(task.session):
        raise Conflict("district_divided", value=code)
    different = moved or (bool(told["name"]) and known["name"] != told["name"])
    if different:
        ground.change(task.session, tables.district, code, {**told, "shape": shape})
    outcome.count(new=False, different=different)


def begin(session: Session, code: str, name: str, shape: BaseGeometry, name_en: str = "") -> None:
    """A district comes into being, with the usual categories of issues.

    Raises InvalidFile ``district_unknown`` without a code, ``code_unusable`` (value).
    """
    if not code:
        raise InvalidFile("district_unknown")
    if not numbering.is_usable(code):
        raise InvalidFile("code_unusable", value=code)
    values = {"code": code, "name": name or code, "name_en": name_en, "shape": multi(shape)}
    ground.add(session, tables.district, values)
    session.execute(
        insert(tables.issue_category),
        [
            {
                **{key: row[key] for key in ("code", "name_zh", "name_en", "glyph")},
                "code_scheme": "district",
                "time_limit": row["time_limit"],
                "limit_type": row["limit_type"],
            }
            for row in facts.rows("categories")
        ],
    )


def load_streets(task: Task, rows: Sequence[Row]) -> None:
    """Streets by code, or by name; a shape helps to tell which communities are theirs.

    Raises Conflict ``district_missing`` before a district was loaded.
    """
    outcome = task.outcome
    district = ground.first(task.session)
    if district is None:
        raise Conflict("district_missing")
    known = {row["code"]: row for row in ground.streets(task.session)}
    for row in rows:
        _one_street(task, row, district["code"], known, outcome)


def _one_street(
    task: Task, row: Row, above: str, known: dict[str, RowMapping], outcome: Outcome
) -> None:
    name, code = row.text("name"), row.text("code")
    if not name:
        return outcome.refuse(row.number, "name_missing", "name")
    if code and not numbering.is_usable(code):
        return outcome.refuse(row.number, "code_unusable", "code", value=code)
    named = next((c for c, r in known.items() if r["name"] == name), "")
    code = code or named or numbering.made(above, list(known), "street")
    told: dict[str, Any] = {"name": name, "name_en": row.text("name_en")}
    old = known.get(code)
    if old is None:
        scheme = numbering.scheme(code, above, "street")
        values = {"code": code, "district_code": above, "code_scheme": scheme, **told}
        if row.shape is not None and row.shape.is_valid:
            values["shape"] = multi(merged([row.shape]))
        ground.add(task.session, tables.street, values)
        known.update({r["code"]: r for r in ground.streets(task.session)})
        return outcome.count(new=True)
    different = any(old[key] != value for key, value in told.items())
    if different:
        ground.change(task.session, tables.street, code, told)
    return outcome.count(new=False, different=different)


def street_of(
    task: Task, row: Row, known: Sequence[RowMapping], district: RowMapping
) -> tuple[str, bool]:
    """The code of the street that a community belongs to, and whether it was made for it.

    By the street named, by the community's code, by the ground; else the only street, or one that
    bears the district's name.
    """
    said, code = row.text("street"), row.text("code")
    for street in known:
        if said and said in (street["code"], street["name"], street["name"].removesuffix("街道")):
            return str(street["code"]), False
    for street in known:
        if not said and code and numbering.scheme(code, street["code"], "community") == "GB":
            return str(street["code"]), False
    over = [] if said else _over(row, known)
    if over:
        return over[0], False
    if len(known) == 1 and not said:
        return str(known[0]["code"]), False
    return _made_street(task, said, code, known, district), True


def _over(row: Row, known: Sequence[RowMapping]) -> list[str]:
    """The streets whose ground holds most of a row's, the first holding most."""
    shares = [
        (float(shapely.area(shapely.intersection(row.shape, street["shape"]))), street["code"])
        for street in known
        if street["shape"] is not None and row.shape is not None and row.shape.is_valid
    ]
    return [code for area, code in sorted(shares, reverse=True) if area > 0]


def _made_street(
    task: Task, said: str, code: str, known: Sequence[RowMapping], district: RowMapping
) -> str:
    above = str(district["code"])
    from_code = code[:9] if numbering.scheme(code, above, "community") == "GB" else ""
    usable = said if numbering.is_usable(said) else ""
    made = from_code or usable or numbering.made(above, [s["code"] for s in known], "street")
    values = {
        "code": made,
        "district_code": above,
        "code_scheme": numbering.scheme(made, above, "street"),
        "name": said or district["name"],
    }
    ground.add(task.session, tables.street, values)
    return made


def uncovered(session: Session, community_code: str) -> int:
    """The id of the cell that holds a community's ground in no grid; made where there is none."""
    values = {"kind": "uncovered", "community_code": community_code, "name": "未划入网格"}
    for row in ground.open_cells(session):
        if row["community_code"] == community_code:
            return int(row["id"])
    return int(ground.add(session, tables.grid, values))


def since(task: Task) -> datetime | None:
    """The day from which what is loaded is in force, if the caller tells one.

    Raises InvalidFile ``since_bad`` (value).
    """
    said = task.given.get("since", "")
    if not said:
        return None
    try:
        day = datetime.fromisoformat(said)
    except ValueError as bad:
        raise InvalidFile("since_bad", value=said[:40]) from bad
    moment = day if day.tzinfo else day.replace(tzinfo=UTC)
    if moment > task.at:
        raise InvalidFile("since_bad", value=said[:40])
    return moment


def compare_outline(district: RowMapping, whole: BaseGeometry, outcome: Outcome) -> None:
    """Say how far communities together differ from the outline that was loaded for the district."""
    for code, part in (
        ("outline_open", shapely.difference(district["shape"], whole)),
        ("outline_beyond", shapely.difference(whole, district["shape"])),
    ):
        size = division.square_metres(part)
        if size > _ENOUGH_M2:
            spot = part.representative_point()
            outcome.flag(0, code, m2=round(size, 1), lon=spot.x, lat=spot.y)


def _given(task: Task, rows: Sequence[Row], name: str) -> str:
    """What the caller tells for all rows, else what the first row tells."""
    return task.given.get(name, "") or rows[0].text(name)
