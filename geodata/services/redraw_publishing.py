"""A plan becomes the present ground, in one transaction under the lock of its district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import bulk, ground, plans, residents, tables
from geodata.domain import cells as ground_cells
from geodata.domain import lattice, measure, replay
from geodata.domain.cells import UNCOVERED, Cell
from geodata.domain.exchange import Exchange, exchanges
from geodata.domain.intent import as_json
from geodata.domain.redraw import Redrawn
from geodata.errors import InvalidMove
from geodata.services import redraws
from geodata.services.loading import areas, numbering
from geodata.services.loading.coverage import multi, same
from geodata.services.redraws import Drawn

Moved = list[tuple[int, int | None, int | None]]
"""Issues that changed hands: the issue's id, and the grid it was of and is of now."""


@dataclass(frozen=True)
class Published:
    """What publishing a plan did.

    `codes` of new grids by their provisional code; `retired` codes; `issues` that changed hands;
    how many `buildings` did; whether it is `new` or was published already.
    """

    plan: RowMapping
    codes: Mapping[str, str] = field(default_factory=dict)
    retired: Sequence[str] = ()
    issues: Moved = field(default_factory=list)
    buildings: int = 0
    new: bool = True


def publish(session: Session, public_id: UUID, actor: str) -> Published:
    """Make a draft the present ground.

    Publishing what is published already changes nothing and says so again. Raises as
    `redraws.drawn`, InvalidMove ``plan_empty``.
    """
    at = _lock(session)
    found = redraws.plan(session, public_id, lock=True)
    if found["state"] == "published":
        return Published(found, new=False)
    drawn = redraws.over_present(session, found)
    if not drawn.changed:
        raise InvalidMove("plan_empty")
    return _publish(session, drawn, actor, at)


def rollback(session: Session, public_id: UUID, actor: str, name: str) -> Published:
    """Give everybody back what a published plan took from them, as a plan of its own.

    Exact where no later change touched it; else its grids get back their ground over what is now.
    Raises InvalidMove ``plan_not_published``, InvalidRedraw where that cannot be.
    """
    at = _lock(session)
    old = redraws.plan(session, public_id, lock=True)
    if old["state"] != "published":
        raise InvalidMove("plan_not_published", state=old["state"])
    made = redraws.begin(session, old["community_code"], name, actor, at)
    plans.change(session, made["id"], {"undo_of": old["id"]})
    drawn = redraws.over_present(session, plans.by_id(session, made["id"]))
    opened = plans.opened_by(session, old["id"])
    homes = sorted({cell.community for cell in drawn.before})
    before = plans.closed_at(session, old["published_at"], homes)
    done = _taken_back(drawn, opened, before)
    steps = [{"plan_id": made["id"], "position": 1, "intent": as_json(done[1])}]
    plans.add_steps(session, [{**step, "author": actor, "at": at} for step in steps])
    result = Drawn(drawn.plan, drawn.before, done[0].cells, drawn.rows, [done[0]])
    return _publish(session, result, actor, at)


def _lock(session: Session) -> datetime:
    district = ground.first(session)
    return ground.lock(session, district["code"] if district is not None else "")


def _taken_back(
    drawn: Drawn, opened: Sequence[RowMapping], before: Sequence[RowMapping]
) -> tuple[Redrawn, Any]:
    """The ground with the old boundaries again, and the intent that says so."""
    old = [_old_cell(row) for row in before]
    wanted = replay.restore_of(
        [cell for cell in old if cell.community == drawn.plan["community_code"]]
    )
    if not all(row["present"] for row in opened):
        return replay.perform(drawn.before, wanted, {drawn.plan["community_code"]}), wanted
    codes = {int(row["id"]): code for code, row in drawn.rows.items()}
    now = [codes[int(row["grid_id"])] for row in opened]
    gone = [code for code in now if code not in {cell.code for cell in old}]
    emptied = [code for code in gone if drawn.before[code].kind == "uncovered"]
    cells = drawn.before.replaced(
        [*old, *(ground_cells.moved(drawn.before[c], ground_cells.NO_GROUND) for c in emptied)],
        [code for code in gone if code not in emptied],
    )
    changed = sorted({*now, *(cell.code for cell in old)})
    return Redrawn(cells, tuple(changed), (), ()), wanted


def _old_cell(row: RowMapping) -> Cell:
    code = row["code"] or ground_cells.uncovered(row["community_code"])
    shape = ground_cells.canonical(lattice.to_units(row["shape"]))
    return Cell(code, row["community_code"], shape, row["kind"], bool(row["multipart"]))


def _publish(session: Session, drawn: Drawn, actor: str, at: datetime) -> Published:
    """Close and open boundaries; areas, buildings, people and open issues follow."""
    number = int(drawn.plan["id"])
    ids = _identities(session, drawn)
    moved = _moved(drawn, ids)
    old = {int(row["id"]): row for row in drawn.rows.values() if int(row["id"]) in moved}
    touched = shapely.union_all([*moved.values(), *(row["shape"] for row in old.values())])
    given = exchanges(drawn.before, drawn.after, drawn.changed)
    _trace(session, number, given, ids, touched)
    _cover(session, moved)
    ground.close(session, sorted(int(row["boundary_id"]) for row in old.values()), at)
    filled = [(n, multi(shape)) for n, shape in sorted(moved.items()) if not shape.is_empty]
    ground.open_(session, filled, at, number)
    gone = _retire(session, drawn, ids, at)
    buildings = ground.rehouse(session, touched)
    issues = ground.reassign(session, touched, at, actor, drawn.plan["name"])
    told = {"issues": len(issues), "buildings": buildings, "retired": gone, "codes": drawn.codes}
    state = {"state": "published", "published_at": at, "published_by": actor, "changed_at": at}
    plans.change(session, number, {**state, "report": told})
    return Published(plans.by_id(session, number), drawn.codes, gone, issues, buildings)


def _identities(session: Session, drawn: Drawn) -> dict[str, int]:
    """The id of each cell by its code; grids that are new come into being, old ones again."""
    ids = {code: int(row["id"]) for code, row in drawn.rows.items()}
    new = [drawn.after[code] for code in drawn.after.codes if code not in ids]
    known = ground.grids_by_code(session, [cell.code for cell in new])
    plans.revive(session, [int(row["id"]) for row in known.values()])
    ids |= {code: int(row["id"]) for code, row in known.items()}
    for cell in new:
        if cell.kind == "uncovered":
            ids[cell.code] = areas.uncovered(session, cell.community)
    fresh = [cell for cell in new if cell.code not in ids]
    numbers = bulk.reserve(session, tables.grid, len(fresh))
    ids |= {cell.code: int(number) for cell, number in zip(fresh, numbers, strict=True)}
    rows = [_identity(session, drawn, cell, ids[cell.code]) for cell in fresh]
    residents.add_many(session, tables.grid, rows)
    return ids


def _identity(session: Session, drawn: Drawn, cell: Cell, number: int) -> dict[str, Any]:
    """A new grid as it is stored, under the code it gets and the usual name."""
    code, home = drawn.codes[cell.code], cell.community
    community = plans.community_of(session, home)
    name = community["name"] if community is not None else home
    return {
        "id": number,
        "code": code,
        "code_scheme": numbering.scheme(code, home, "grid"),
        "kind": cell.kind,
        "community_code": home,
        "name": f"{name}{code[-3:]}网格",
    }


def _moved(drawn: Drawn, ids: Mapping[str, int]) -> dict[int, BaseGeometry]:
    """The ground (degrees) of each cell that has another shape now, by id; empty where gone."""
    found: dict[int, BaseGeometry] = {}
    for code in drawn.touched:
        shape = drawn.after[code].degrees if code in drawn.after else MultiPolygon()
        old = drawn.rows[code]["shape"] if code in drawn.rows else MultiPolygon()
        if not same(old, shape):
            found[ids[code]] = multi(shape)
    return found


def _cover(session: Session, moved: Mapping[int, BaseGeometry]) -> None:
    """District, streets and communities cover what their cells will cover."""
    homes = ground.homes(session, list(moved))
    cells: dict[str, dict[int, BaseGeometry]] = {code: {} for code in sorted(set(homes.values()))}
    for row in plans.members(session, list(cells)):
        cells[row["community_code"]][int(row["grid_id"])] = row["shape"]
    for number, shape in moved.items():
        cells[homes[number]][number] = shape
    shapes = {code: _union(list(members.values())) for code, members in cells.items()}
    by_street: dict[str, list[BaseGeometry]] = {}
    redrawn = set()
    for row in ground.communities(session):
        shape = shapes.get(row["code"], row["shape"])
        by_street.setdefault(row["street_code"], []).append(shape)
        if not same(row["shape"], shape):
            redrawn.add(row["street_code"])
            ground.cover(session, tables.community, row["code"], multi(shape))
    for street in sorted(redrawn):
        ground.cover(session, tables.street, street, multi(_union(by_street[street])))
    district = ground.first(session)
    if redrawn and district is not None:
        whole = _union([shape for members in by_street.values() for shape in members])
        if not same(district["shape"], whole):
            ground.cover(session, tables.district, district["code"], multi(whole))


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """The union of shapes that share their vertices, exact on the lattice."""
    units = [lattice.to_units(shape) for shape in shapes if not shape.is_empty]
    return lattice.to_degrees(measure.together(units))


def _retire(session: Session, drawn: Drawn, ids: Mapping[str, int], at: datetime) -> list[str]:
    """Grids without ground are no more: posts end, party groups go to an heir; their codes."""
    gone = drawn.gone
    heirs = drawn.heirs()
    ground.hand_over(session, {ids[code]: ids[heir] for code, heir in heirs.items()})
    ground.retire(session, [ids[code] for code in gone], at)
    return gone


def _trace(
    session: Session,
    number: int,
    given: Sequence[Exchange],
    ids: Mapping[str, int],
    touched: BaseGeometry,
) -> None:
    """Write which grid came from which, with the share of its area and of its households."""
    passed = [one for one in given if not {one.giver[0], one.taker[0]} & {UNCOVERED}]
    houses = plans.buildings_on(session, touched)
    total: dict[int, int] = {}
    for house in houses:
        total[house["grid_id"]] = total.get(house["grid_id"], 0) + house["households"]
    rows = []
    for one in passed:
        giver = ids[one.giver]
        shapely.prepare(one.shape)
        moved = sum(
            house["households"]
            for house in houses
            if house["grid_id"] == giver and one.shape.intersects(house["door"])
        )
        lineage = {"plan_id": number, "parent_id": giver, "child_id": ids[one.taker]}
        share = moved / total[giver] if total.get(giver) else 0.0
        rows.append({**lineage, "area_share": one.share, "household_share": share})
    plans.add_lineage(session, rows)
