"""Nothing is open, erased or made up, not by one lattice step, from whatever program."""

from datetime import UTC, datetime

import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.sql.expression import Update

from geodata.db import tables
from tests.drawing import WIDE, draw, spot
from tests.makers import COMMUNITY, START, Town, code_of, multi

LATER = datetime(2026, 1, 1, tzinfo=UTC)
STEP = 2.0**-23


def holed(steps: int) -> BaseGeometry:
    """The ground of B with a square hole so many lattice steps wide."""
    centre = spot(1.0, 3.0)
    half = steps * STEP
    hole = shapely.box(centre.x, centre.y, centre.x + half, centre.y + half)
    return shapely.difference(draw("AABB / AABB")["B"], hole)


@pytest.mark.parametrize("steps", [1, 50, 1760])
def test_a_hole_is_refused_however_small(town: Town, steps: int) -> None:
    assert steps < WIDE
    town.drawn("AABB / AABB")
    town.check()
    town.close("B", at=LATER)
    town.bound({"B": holed(steps)}, LATER)
    with pytest.raises(IntegrityError, match="of its ground open"):
        town.check()


@pytest.mark.parametrize("table", [tables.community, tables.district])
def test_an_area_covers_neither_more_nor_less_than_its_cells(town: Town, table: Table) -> None:
    town.drawn("AABB / AABB")
    town.check()
    less = shapely.union_all([draw("AABB / AABB")["A"], holed(1)])
    town.session.execute(update(table).values(shape=multi(less)))
    town.session.execute(update(tables.district).values(revision=tables.district.c.revision))
    with pytest.raises(IntegrityError, match="of its ground open"):
        town.check()


def test_a_cell_does_not_stand_in_for_ground_of_its_community_elsewhere(town: Town) -> None:
    town.drawn("AAB. / AAB.")
    town.check()
    moved = shapely.union_all([draw("AAB. / AAB.")["A"], draw("...C / ...C")["C"]])
    town.session.execute(update(tables.community).values(shape=multi(moved)))
    with pytest.raises(IntegrityError):
        town.check()


def _past(town: Town) -> None:
    town.drawn("AB")
    town.redrawn("AB", LATER)


def test_what_was_is_not_deleted_and_not_made_up(town: Town) -> None:
    _past(town)
    old = ~func.upper_inf(tables.boundary.c.valid)
    with pytest.raises(IntegrityError, match="never deleted"), town.session.begin_nested():
        town.session.execute(delete(tables.boundary).where(old))
    invented = insert(tables.boundary).values(
        grid_id=town.grids["A"],
        shape=multi(draw("AB")["B"]),
        valid=func.tstzrange(datetime(1990, 1, 1, tzinfo=UTC), START),
    )
    with pytest.raises(IntegrityError, match="begins as the present one"):
        town.session.execute(invented)


@pytest.mark.parametrize("table", ["grid_lineage", "redraw_move"])
@pytest.mark.parametrize("deed", ["delete from {}", "update {} set plan_id = 1", "truncate {}"])
def test_where_grids_came_from_and_what_plans_went_through_is_only_added_to(
    town: Town, table: str, deed: str
) -> None:
    town.drawn("AB")
    add = town.session.execute
    kept = {"community_code": COMMUNITY, "name": "x", "author": "x", "base": {}}
    plan = insert(tables.redraw_plan).values(**kept, created_at=START, changed_at=START)
    number = town.session.scalars(plan.returning(tables.redraw_plan.c.id)).one()
    said = {"at": START, "actor": "x", "move": "submit", "state": "submitted"}
    add(insert(tables.redraw_move).values(plan_id=number, **said))
    one, other = town.grids["A"], town.grids["B"]
    shares = {"area_share": 1, "household_share": 1}
    add(insert(tables.grid_lineage).values(plan_id=number, parent_id=one, child_id=other, **shares))
    with pytest.raises(ProgrammingError, match="append-only"):
        add(text(deed.format(table)))


def _grid(town: Town) -> Update:
    return update(tables.grid).where(tables.grid.c.id == town.grids["A"])


def test_a_grid_keeps_its_code_and_is_not_retired_on_its_ground(town: Town) -> None:
    town.drawn("AB")
    town.check()
    with pytest.raises(IntegrityError, match="keeps its code"), town.session.begin_nested():
        town.session.execute(_grid(town).values(code=code_of("Z")))
    town.session.execute(_grid(town).values(retired_at=LATER))
    with pytest.raises(IntegrityError, match="still has ground"):
        town.check()


def test_no_issue_is_left_open_on_ground_that_is_no_more(town: Town) -> None:
    town.drawn("AB")
    new = insert(tables.issue).values(
        channel="web",
        ticket="1",
        text="x",
        status="reported",
        category_id=select(tables.issue_category.c.id).limit(1).scalar_subquery(),
        place=spot(0.5, 0.5),
        precision="pin",
        reported_at=LATER,
    )
    town.session.execute(new)
    town.check()
    trial = town.session.begin_nested()
    town.redrawn("AB", LATER)
    with pytest.raises(DBAPIError, match="ground that is no more"):
        town.check()
    trial.rollback()
    town.session.execute(update(tables.issue).values(status="closed", closed_at=LATER))
    town.redrawn("AB", LATER)
    town.check()
    town.session.execute(update(tables.issue).values(status="reworked", closed_at=None))
    with pytest.raises(DBAPIError, match="ground that is no more"):
        town.check()
