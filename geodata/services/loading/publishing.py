"""New cells become the present ground: boundaries closed and opened, areas and people following."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import ground, tables
from geodata.domain import lattice
from geodata.services.loading.coverage import multi, same
from geodata.services.loading.rows import Outcome


def publish(
    session: Session,
    cells: Mapping[int, BaseGeometry],
    before: Sequence[RowMapping],
    at: datetime,
    outcome: Outcome,
    *,
    since: datetime | None = None,
) -> set[int]:
    """Give grids (by id) their new ground from a moment on; which ones have another one now.

    `cells` are shapes in degrees that divide, with the present cells that are not named, the whole
    district; an empty shape means that a grid has no ground any more. With `since` boundaries that
    are replaced are taken back, as they never held a grid, and the new ones are in force from that
    day. Buildings follow their doors, open issues their places, with an event each.
    """
    old = {int(row["id"]): row for row in before}
    new = {number: multi(shape) for number, shape in cells.items()}
    moved = {n for n, shape in new.items() if n not in old or not same(old[n]["shape"], shape)}
    moved = {n for n in moved if n in old or not new[n].is_empty}
    if not moved:
        return moved
    touched = shapely.union_all(
        [new[n] for n in moved] + [old[n]["shape"] for n in moved if n in old]
    )
    _cover(session, {**{n: row["shape"] for n, row in old.items()}, **new})
    _flag_parts(session, moved, new, old)
    closed = [int(old[n]["boundary_id"]) for n in sorted(moved) if n in old]
    if since is None:
        ground.close(session, closed, at)
    else:
        ground.remove(session, closed)
    opened = [(n, new[n]) for n in sorted(moved) if not new[n].is_empty]
    ground.open_(session, opened, since or at)
    _follow(session, touched, at, outcome)
    return moved


def _flag_parts(
    session: Session,
    moved: set[int],
    new: Mapping[int, BaseGeometry],
    old: Mapping[int, RowMapping],
) -> None:
    """Grids in several parts are marked so before the guard looks at them."""
    for number in sorted(moved):
        several = shapely.get_num_geometries(new[number]) > 1
        known = number in old and bool(old[number]["multipart"])
        if several and not known:
            ground.change(session, tables.grid, number, {"multipart": True})


def _cover(session: Session, cells: Mapping[int, BaseGeometry]) -> None:
    """Districts, streets and communities cover what their cells cover."""
    homes = ground.homes(session, list(cells))
    by_community: dict[str, list[BaseGeometry]] = {}
    for number, shape in cells.items():
        if not shape.is_empty:
            by_community.setdefault(homes[number], []).append(shape)
    shapes = {code: _union(members) for code, members in by_community.items()}
    by_street: dict[str, list[BaseGeometry]] = {}
    for row in ground.communities(session):
        if row["code"] in shapes:
            by_street.setdefault(row["street_code"], []).append(shapes[row["code"]])
            if row["shape"] is None or not same(row["shape"], shapes[row["code"]]):
                ground.cover(session, tables.community, row["code"], multi(shapes[row["code"]]))
    for code, members in by_street.items():
        ground.cover(session, tables.street, code, multi(_union(members)))
    district = ground.first(session)
    whole = _union(list(shapes.values()))
    if district is not None and not same(district["shape"], whole):
        ground.cover(session, tables.district, district["code"], multi(whole))


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """The union of shapes that share their vertices, exact on the lattice."""
    units = [lattice.to_units(shape) for shape in shapes]
    return lattice.to_degrees(shapely.coverage_union_all(units))


def _follow(session: Session, touched: BaseGeometry, at: datetime, outcome: Outcome) -> None:
    buildings = ground.rehouse(session, touched)
    if buildings:
        outcome.flag(0, "buildings_rehoused", count=buildings)
    issues = ground.reassign(session, touched, at)
    if issues:
        outcome.flag(0, "issues_reassigned", count=len(issues))
