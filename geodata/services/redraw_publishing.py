"""A plan becomes the present ground, in one transaction under the lock of its district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import bulk, ground, plans, residents, tables, workloads
from geodata.domain import lattice, measure, workload
from geodata.domain import plan as moves
from geodata.domain.cells import UNCOVERED, Cell
from geodata.domain.exchange import exchanges
from geodata.domain.intent import as_json
from geodata.domain.workload import Figures
from geodata.errors import InvalidMove, InvalidRedraw
from geodata.services import (
    grid_figures,
    redraw_cuts,
    redraw_inverse,
    redraw_lineage,
    redraw_locks,
    redraw_moves,
    redraw_people,
    redraws,
)
from geodata.services.loading import areas, numbering
from geodata.services.loading.coverage import multi, same
from geodata.services.redraw_people import Before
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
    """Make a plan the present ground.

    Publishing what is published already changes nothing and says so again. Raises as
    `redraws.drawn`, `redraw_cuts.refuse` and `domain.plan.move`, InvalidMove ``plan_empty``.
    """
    at = hold(session)
    found = redraws.plan(session, public_id, lock=True)
    if found["state"] == "published":
        return Published(found, new=False)
    moves.move("publish", found["state"], own=found["author"] == actor)
    drawn = redraws.over_present(session, found)
    if not drawn.changed:
        raise InvalidMove("plan_empty")
    redraw_moves.refuse_cuts(session, drawn)
    return perform(session, drawn, actor, at)


def rollback(
    session: Session, public_id: UUID, actor: str, name: str, cuts: Sequence[str] = ()
) -> Published:
    """Give everybody back what a published plan took from them, as a plan of its own.

    It may cut the buildings in `cuts` (codes), as they may have come up since; raises as
    `redraw_cuts.refuse` where it cuts others. Raises InvalidMove ``plan_not_published``,
    ``plan_rolled_back`` (name), as `redraw_inverse.taken_back`, InvalidRedraw where that cannot
    be, ``grid_held`` (grid, reason, by, until) where a grid is locked.
    """
    at = hold(session)
    old = redraws.plan(session, public_id, lock=True)
    if old["state"] != "published":
        raise InvalidMove("plan_not_published", state=old["state"])
    if old["rolled_back"] is not None:
        raise InvalidMove("plan_rolled_back", name=old["rolled_back"]["name"])
    made = redraws.begin(session, old["community_code"], name, actor, at)
    plans.change(session, made["id"], {"undo_of": old["id"]})
    drawn = redraws.over_present(session, plans.by_id(session, made["id"]))
    held = redraw_locks.held(session, drawn.rows)
    try:
        done, wanted = redraw_inverse.taken_back(session, drawn, old)
    except InvalidRedraw as refused:
        raise redraw_locks.explained(refused, held) from refused
    said = replace(wanted, cuts=tuple(sorted(cuts)))
    steps = [{"plan_id": made["id"], "position": 1, "intent": as_json(said)}]
    plans.add_steps(session, [{**step, "author": actor, "at": at} for step in steps])
    result = Drawn(drawn.plan, drawn.before, done.cells, drawn.rows, [done])
    redraw_locks.refuse(drawn.before, result.changed, held)
    redraw_cuts.refuse(session, drawn.before, result.after, result.touched, [said])
    return perform(session, result, actor, at, old)


def hold(session: Session) -> datetime:
    """Hold the ground until commit; the moment by the clock of the database."""
    return ground.hold(session)


def perform(
    session: Session, drawn: Drawn, actor: str, at: datetime, undone: RowMapping | None = None
) -> Published:
    """Close and open boundaries; areas, buildings, people and open issues follow.

    What the plan `undone` took from people is given back.
    """
    number = int(drawn.plan["id"])
    ids = _identities(session, drawn, again=undone is not None)
    moved = _moved(drawn, ids)
    old = {int(row["id"]): row for row in drawn.rows.values() if int(row["id"]) in moved}
    touched = shapely.union_all([*moved.values(), *(row["shape"] for row in old.values())])
    given = exchanges(drawn.before, drawn.after, drawn.changed)
    home = drawn.plan["community_code"]
    rate = {home: workloads.rate(session, home)}
    before = _before(session, drawn, rate)
    redraw_lineage.trace(session, number, given, ids, touched)
    _cover(session, moved)
    ground.close(session, sorted(int(row["boundary_id"]) for row in old.values()), at)
    filled = [(n, multi(shape)) for n, shape in sorted(moved.items()) if not shape.is_empty]
    ground.open_(session, filled, at, number)
    taken = redraw_people.retire(session, drawn, ids, at)
    revived = {} if undone is None else redraw_people.revive(session, undone["report"] or {}, at)
    buildings = ground.rehouse(session, touched)
    issues = ground.reassign(session, touched, at, actor, drawn.plan["name"])
    after = _after(session, drawn, ids, rate)
    turned = workload.turned(before.figures, after)
    named = {ids[code]: drawn.codes.get(code, code) for code in _grids(drawn)}
    codes = {number: code for number, code in named.items() if number in turned}
    told = redraw_people.tell(session, drawn.plan, codes, before, after, issues, at)
    report = {
        "issues": len(issues),
        "buildings": buildings,
        "retired": drawn.gone,
        "codes": drawn.codes,
        "told": told,
        **taken,
        "revived": revived,
        "before": {
            codes[n]: asdict(one) for n, one in sorted(before.figures.items()) if n in codes
        },
        "after": {codes[n]: asdict(one) for n, one in sorted(after.items()) if n in codes},
    }
    state = {"state": "published", "published_at": at, "published_by": actor, "changed_at": at}
    plans.change(session, number, {**state, "due_at": None, "conflict": None, "report": report})
    redraw_moves.noted(session, number, "publish", actor, at)
    return Published(plans.by_id(session, number), drawn.codes, drawn.gone, issues, buildings)


def _grids(drawn: Drawn) -> list[str]:
    """The codes of the grids that lose or gain ground."""
    return [code for code in drawn.changed if code[0] != UNCOVERED]


def _before(session: Session, drawn: Drawn, rate: Mapping[str, float]) -> Before:
    numbers = [int(drawn.rows[code]["id"]) for code in _grids(drawn) if code in drawn.rows]
    figures = _figures(session, numbers, rate)
    return Before(workloads.posted(session, numbers), figures)


def _after(
    session: Session, drawn: Drawn, ids: Mapping[str, int], rate: Mapping[str, float]
) -> dict[int, Figures]:
    numbers = [ids[code] for code in _grids(drawn) if code in drawn.after]
    return _figures(session, numbers, rate)


def _figures(
    session: Session, numbers: Sequence[int], rate: Mapping[str, float]
) -> dict[int, Figures]:
    """What grids hold now, at the rate of before: issues may change communities on the way."""
    return grid_figures.present(session, numbers, grid_figures.band(session), rate)


def _identities(session: Session, drawn: Drawn, *, again: bool) -> dict[str, int]:
    """The id of each cell by its code; grids that are new come into being.

    Where a plan is taken back, those that it gave up are grids `again`; else a code is never used
    twice. Raises InvalidRedraw ``code_taken``.
    """
    ids = {code: int(row["id"]) for code, row in drawn.rows.items()}
    new = [drawn.after[code] for code in drawn.after.codes if code not in ids]
    known = ground.grids_by_code(session, [cell.code for cell in new])
    for cell in new:
        if cell.code in known and not (again and _is_given_up(known[cell.code], cell)):
            raise InvalidRedraw("code_taken", grid=cell.code, place=cell.degrees)
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


def _is_given_up(row: RowMapping, cell: Cell) -> bool:
    """Whether this very grid was given up before."""
    return row["retired_at"] is not None and row["community_code"] == cell.community


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
        "name": numbering.usual_name(name, code),
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
    """The union of shapes, exact on the lattice.

    They share their vertices, but for outlines that were loaded and never derived from cells.
    """
    units = [lattice.to_units(shape) for shape in shapes if not shape.is_empty]
    try:
        whole = measure.together(units)
    except GEOSException:
        whole = shapely.union_all(units, grid_size=1.0)
    return lattice.to_degrees(whole)
