"""What a published plan moved is moved back, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.domain import cells as ground_cells
from geodata.domain import lattice, replay
from geodata.domain.cells import Cell
from geodata.domain.intent import Revive
from geodata.domain.redraw import Redrawn
from geodata.errors import Conflict
from geodata.services import redraw_conflicts
from geodata.services.redraws import Drawn


def taken_back(session: Session, drawn: Drawn, old: RowMapping) -> tuple[Redrawn, Revive]:
    """The ground without a published plan, and the intent that says so.

    The very boundaries of before where all that the plan drew stands as it drew it, be it that it
    was given back since. Where later plans only put new vertices on it or redrew its neighbours,
    the grids that had lost or gained ground by it get theirs back, and the others keep what they
    have. Raises Conflict ``ground_moved_on`` (grids,
    by, at) where one of those has been redrawn since.
    """
    opened = {_code(row): row for row in plans.opened_by(session, old["id"])}
    homes = sorted({cell.community for cell in drawn.before})
    closed = {_code(row): row for row in plans.closed_at(session, old["published_at"], homes)}
    moved = _moved(closed, opened)
    _refuse_later(session, {code: opened[code] for code in moved if code in opened}, drawn)
    back = {code: row for code, row in closed.items() if code not in opened}
    _refuse_later(session, {c: r for c, r in back.items() if _is_grid(drawn, c)}, drawn)
    before = [_and_since(drawn, _cell(code, row), opened) for code, row in closed.items()]
    own = drawn.plan["community_code"]
    wanted = replay.restore_of(c for c in before if c.code in moved and c.community == own)
    if not all(_stands(drawn, code, row) for code, row in opened.items()):
        return replay.perform(drawn.before, wanted, {own}), wanted
    return _exactly(drawn, before, list(opened), moved), wanted


def _is_grid(drawn: Drawn, code: str) -> bool:
    return code in drawn.before and drawn.before[code].kind != "uncovered"


def _and_since(drawn: Drawn, cell: Cell, opened: Mapping[str, RowMapping]) -> Cell:
    """A cell of before; bare ground that the plan filled, with what has become bare since."""
    if cell.kind != "uncovered" or cell.code in opened or cell.code not in drawn.before:
        return cell
    both = shapely.union_all([cell.shape, drawn.before[cell.code].shape], grid_size=1.0)
    return ground_cells.moved(cell, ground_cells.canonical(both))


def _stands(drawn: Drawn, code: str, row: RowMapping) -> bool:
    """Whether a cell has the ground of a boundary, to the last vertex."""
    if code not in drawn.before:
        return False
    shape = ground_cells.canonical(lattice.to_units(row["shape"]))
    return bool(shapely.equals_identical(drawn.before[code].shape, shape))


def _moved(closed: Mapping[str, RowMapping], opened: Mapping[str, RowMapping]) -> list[str]:
    """The codes of cells that lost or gained ground, not only vertices; in order."""
    return [
        code
        for code in sorted(closed.keys() | opened.keys())
        if code not in closed
        or code not in opened
        or redraw_conflicts.differs(closed[code]["shape"], opened[code]["shape"])
    ]


def _refuse_later(session: Session, drew: Mapping[str, RowMapping], drawn: Drawn) -> None:
    base = {code: int(row["id"]) for code, row in drew.items()}
    found = redraw_conflicts.changed(session, base, drawn.rows)
    if found:
        raise Conflict("ground_moved_on", **redraw_conflicts.facts(found))


def _exactly(
    drawn: Drawn, before: Sequence[Cell], opened: Sequence[str], moved: Sequence[str]
) -> Redrawn:
    """The old boundaries to the last vertex; what the plan had made is no more."""
    there = {cell.code for cell in before}
    gone = [code for code in opened if code not in there]
    emptied = [code for code in gone if drawn.before[code].kind == "uncovered"]
    empty = (ground_cells.moved(drawn.before[code], ground_cells.NO_GROUND) for code in emptied)
    cells = drawn.before.replaced([*before, *empty], [code for code in gone if code not in emptied])
    noded = sorted({*opened, *there}.difference(moved))
    return Redrawn(cells, tuple(moved), tuple(noded), ())


def _code(row: RowMapping) -> str:
    return str(row["code"]) if row["code"] else ground_cells.uncovered(row["community_code"])


def _cell(code: str, row: RowMapping) -> Cell:
    shape = ground_cells.canonical(lattice.to_units(row["shape"]))
    return Cell(code, row["community_code"], shape, row["kind"], bool(row["multipart"]))
