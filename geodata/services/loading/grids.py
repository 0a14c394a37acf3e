"""Grids come in: whole communities at a time, as an exact division of their ground."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping

from geodata.db import bulk, ground, maintenance, residents, tables
from geodata.domain import division
from geodata.domain.codes import reading_order
from geodata.errors import InvalidFile
from geodata.services.loading import areas, numbering
from geodata.services.loading.communities import load_communities
from geodata.services.loading.coverage import divided, merged, multi, same, sound_rows
from geodata.services.loading.heirs import leave
from geodata.services.loading.homes import homes_of
from geodata.services.loading.publishing import publish
from geodata.services.loading.repair import repaired
from geodata.services.loading.rows import Outcome, Row, Task

_DEDICATED: Final = ("专属", "DEDICATED", "专用")
_TINY_M2: Final = 1.0
_GB_DIGITS: Final = 15


@dataclass
class _Plan:
    """What is being worked out: rows by key, their communities, the present, and the codes.

    `scope` are the communities whose grids are replaced, `standing` those grids by id.
    """

    rows: dict[str, Row]
    homes: dict[str, str]
    communities: Mapping[str, RowMapping]
    before: Sequence[RowMapping]
    codes: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, str] = field(default_factory=dict)
    hierarchical: bool = False
    made: bool = False
    scope: set[str] = field(default_factory=set)
    standing: dict[int, RowMapping] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """See what is replaced, where each code stands first, and whether they are GB codes."""
        self.scope = set(self.homes.values())
        for grid in self.before:
            if grid["community_code"] in self.scope and grid["kind"] != "uncovered":
                self.standing[int(grid["id"])] = grid
        for key, row in sorted(self.rows.items()):
            self.firsts.setdefault(row.text("code"), key)
        self.hierarchical = any(
            numbering.scheme(row.text("code"), self.homes[key], "grid") == "GB"
            for key, row in self.rows.items()
        )


def load_grids(task: Task, rows: Sequence[Row]) -> None:
    """The grids of the communities that the file names, in the place of those they have.

    Ground of these communities in no grid of the file becomes uncovered. A store without
    communities gets one, made from the outline of all grids. A grid that is known by its code, by
    its very ground or by its name keeps its identity; the others retire, and their codes are never
    used again. Raises InvalidFile ``coverage_dirty`` where polygons overlap, leave their community
    or cannot be taken: nothing is loaded then.
    """
    outcome = task.outcome
    floor = _floor(task) if task.repair else None
    taken = repaired(task, sound_rows(rows, outcome, tangled=task.repair), outcome, floor)
    made = not ground.communities(task.session)
    if made:
        _one_community(task, taken, outcome)
    plan = _plan(task, taken, outcome)
    plan.made = made
    grounds, around = _floors(plan)
    found = divided(plan.rows, plan.homes, grounds, around, outcome)
    _name(task, plan, found.cells, outcome)
    _store(task, plan, found, outcome)


def _floor(task: Task) -> BaseGeometry | None:
    """The ground of all communities together; None where there are none yet."""
    shapes = [row["shape"] for row in ground.communities(task.session) if row["shape"] is not None]
    return shapely.union_all(shapes) if shapes else None


def _one_community(task: Task, rows: Sequence[Row], outcome: Outcome) -> None:
    """One community from the outline of all grids, so that any set of polygons can be loaded."""
    shapes = [row.shape for row in rows if row.shape is not None]
    if not shapes:
        raise InvalidFile("file_empty")
    name = task.given.get("community", "") or task.given.get("district_name", "")
    told = {"name": name or task.given.get("district", ""), "code": ""}
    row = Row(0, told, merged(shapes))
    made = replace(task, outcome=Outcome())
    load_communities(made, [row])
    outcome.notes += made.outcome.notes
    outcome.flag(0, "community_made", name=told["name"])


def _plan(task: Task, rows: Sequence[Row], outcome: Outcome) -> _Plan:
    communities = {row["code"]: row for row in ground.communities(task.session)}
    named = {f"{row.number:09d}": row for row in rows}
    homes = homes_of(task, named, communities, outcome)
    kept = {key: row for key, row in named.items() if key in homes}
    if not kept:
        _refuse(outcome)
        raise InvalidFile("nothing_inside")
    return _Plan(kept, homes, communities, ground.present(task.session))


def _floors(plan: _Plan) -> tuple[dict[str, BaseGeometry], dict[str, BaseGeometry]]:
    """The ground of the scope, and the cells of other communities that touch it."""
    grounds = {code: plan.communities[code]["shape"] for code in plan.scope}
    tree = shapely.STRtree(list(grounds.values()))
    others = [row for row in plan.before if row["community_code"] not in plan.scope]
    shapes = np.array([row["shape"] for row in others], dtype=object)
    touching = set(tree.query(shapes, predicate="intersects")[0].tolist()) if others else set()
    return grounds, {str(others[i]["id"]): others[i]["shape"] for i in sorted(touching)}


def _name(task: Task, plan: _Plan, cells: Mapping[str, BaseGeometry], outcome: Outcome) -> None:
    """Which grid each row is: one that stands, by code, ground or name, or a new one."""
    given = {key: row.text("code") for key, row in plan.rows.items()}
    known = ground.grids_by_code(task.session, [code for code in given.values() if code])
    for key, row in sorted(plan.rows.items()):
        if given[key]:
            _check_code(plan, key, given[key], known, outcome)
        if key not in cells:
            outcome.refuse(row.number, "shape_vanished")
    _refuse(outcome)
    by_shape = {_key(row["shape"]): n for n, row in plan.standing.items()}
    for key, code in sorted(given.items()):
        if code in known:
            plan.ids[key] = int(known[code]["id"])
        elif not code and (n := by_shape.get(_key(cells[key]))) is not None:
            plan.ids[key] = n
    _by_name(plan, given)
    plan.codes = {key: code for key, code in given.items() if code}
    _number(task, plan, cells)


def _check_code(
    plan: _Plan, key: str, code: str, known: Mapping[str, RowMapping], outcome: Outcome
) -> None:
    row, home, old = plan.rows[key], plan.homes[key], known.get(code)
    first = plan.rows[plan.firsts[code]].number
    gb = plan.hierarchical and len(code) == _GB_DIGITS
    facts: dict[str, Any] = {"value": code}
    if not numbering.is_usable(code):
        outcome.refuse(row.number, "code_unusable", "code", **facts)
    elif first != row.number:
        outcome.refuse(row.number, "code_twice", "code", first_row=first, **facts)
    elif old is not None and old["retired_at"] is not None:
        outcome.refuse(row.number, "code_retired", "code", **facts)
    elif old is not None and old["community_code"] != home:
        outcome.refuse(
            row.number, "code_elsewhere", "code", community=old["community_code"], **facts
        )
    elif gb and not code.startswith(home):
        outcome.refuse(row.number, "code_not_below", "code", community=home, **facts)


def _by_name(plan: _Plan, given: Mapping[str, str]) -> None:
    """Rows without a code that bear the one name of a grid that stands in their community."""
    names: dict[tuple[str, str], list[int]] = {}
    for number, grid in plan.standing.items():
        names.setdefault((grid["community_code"], grid["name"]), []).append(number)
    said = [(plan.homes[key], row.text("name")) for key, row in plan.rows.items()]
    for key, row in plan.rows.items():
        name = (plan.homes[key], row.text("name"))
        free = [n for n in names.get(name, []) if n not in plan.ids.values()]
        if key not in plan.ids and not given[key] and len(free) == 1 and said.count(name) == 1:
            plan.ids[key] = free[0]


def _number(task: Task, plan: _Plan, cells: Mapping[str, BaseGeometry]) -> None:
    """New codes for new grids without one: from west to east, row by row, after all ever used."""
    for home in sorted(plan.scope):
        used = ground.codes_below(task.session, home)
        used += [code for key, code in plan.codes.items() if plan.homes[key] == home]
        bare = [
            key
            for key in sorted(plan.rows)
            if plan.homes[key] == home and key not in plan.codes and key not in plan.ids
        ]
        spots = np.array([cells[key].representative_point().coords[0] for key in bare])
        for at in reading_order(spots):
            plan.codes[bare[at]] = numbering.made(home, used, "grid")
            used.append(plan.codes[bare[at]])


def _store(task: Task, plan: _Plan, found: division.Divided, outcome: Outcome) -> None:
    """Write identities, publish the ground, and let go of the grids that are no more."""
    renamed = {key for key in sorted(plan.ids) if _renamed(task, plan, key)}
    _come_into_being(task, plan)
    maintenance.analyze(task.session, tables.grid, tables.community, tables.street)
    cells: dict[int, BaseGeometry] = {plan.ids[key]: s for key, s in found.cells.items()}
    gone = sorted(set(plan.standing) - set(plan.ids.values()))
    cells.update(dict.fromkeys(gone, MultiPolygon()))
    for code, shape in found.rest.items():
        cells[areas.uncovered(task.session, code)] = shape
        size = division.square_metres(shape)
        if size > _TINY_M2:
            outcome.flag(0, "ground_uncovered", community=code, m2=round(size))
    cells.update({int(key): shape for key, shape in found.around.items()})
    told = _first_day(task, plan, found, outcome)
    leave(task, {n: plan.standing[n] for n in gone}, cells, outcome)
    moved = publish(task.session, cells, plan.before, task.at, outcome, since=told)
    maintenance.analyze(task.session, tables.boundary)
    for key, number in sorted(plan.ids.items()):
        parts = shapely.get_num_geometries(found.cells[key])
        if parts > 1:
            outcome.flag(plan.rows[key].number, "grid_multipart", parts=int(parts))
        new = number not in plan.standing
        outcome.count(new=new, different=number in moved or key in renamed)


def _first_day(task: Task, plan: _Plan, found: division.Divided, outcome: Outcome) -> Any:
    """Since when the grids are in force: only a first load can reach back."""
    told = areas.since(task)
    old = {str(row["id"]): row["shape"] for row in plan.before}
    untouched = all(same(shape, old[key]) for key, shape in found.around.items())
    if plan.made:
        # The uncovered cell came into being at this very moment: it never was.
        return told or task.at
    if told is None or (not plan.standing and untouched):
        return told
    outcome.flag(0, "since_ignored", value=task.given.get("since", ""))
    return None


def _told(plan: _Plan, key: str) -> dict[str, Any]:
    """Name and kind of a grid, as far as the row tells them."""
    row = plan.rows[key]
    said = row.text("kind").upper()
    told: dict[str, Any] = {}
    if row.text("name"):
        told["name"] = row.text("name")
    if said:
        told["kind"] = "dedicated" if any(word in said for word in _DEDICATED) else "basic"
    return told


def _renamed(task: Task, plan: _Plan, key: str) -> bool:
    """Write what a grid that stands is called now; whether that is something else."""
    old, told = plan.standing[plan.ids[key]], _told(plan, key)
    different = any(old[name] != value for name, value in told.items())
    if different:
        ground.change(task.session, tables.grid, plan.ids[key], told)
    return different


def _come_into_being(task: Task, plan: _Plan) -> None:
    """Store the grids that are new."""
    new = [key for key in sorted(plan.rows) if key not in plan.ids]
    rows = []
    for key, number in zip(new, bulk.reserve(task.session, tables.grid, len(new)), strict=True):
        code, home = plan.codes[key], plan.homes[key]
        usual = {"name": f"{plan.communities[home]['name']}{code[-3:]}网格", "kind": "basic"}
        plan.ids[key] = int(number)
        identity = {"id": number, "code": code, "community_code": home}
        scheme = numbering.scheme(code, home, "grid")
        rows.append({**identity, "code_scheme": scheme, **usual, **_told(plan, key)})
    residents.add_many(task.session, tables.grid, rows)


def _key(shape: BaseGeometry) -> bytes:
    return bytes(shapely.to_wkb(multi(shape)))


def _refuse(outcome: Outcome) -> None:
    bad = sorted({note.row for note in outcome.notes if note.grade == "refused"})
    if bad:
        raise InvalidFile("coverage_dirty", count=len(bad), rows=bad[:5])
