"""The demo district, once stored, is what was announced."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from geodata.db import accounts, grids, layers, tables
from geodata.db.bulletins import Wanted
from geodata.demo import District
from geodata.domain import partition
from geodata.services import bulletins, demo, demo_notices, district
from tests.conftest import NOW as DEMO_NOW

INSIDE = 0.00015
"""About fifteen metres, in degrees."""


def test_published_totals_exactly(demo_session: Session) -> None:
    totals = district.summary(demo_session)
    assert totals["residents"] > totals["platform_residents"]
    del totals["residents"], totals["unplaced_issues"]
    assert totals == {
        "streets": 3,
        "communities": 35,
        "grids": 620,
        "groups": 550,
        "workers": 756,
        "platform_residents": 368_000,
        "issues": {"closed": 240, "escalated": 7, "open": 13},
    }


def test_stored_ground_is_an_exact_partition(demo_session: Session, hanbin: District) -> None:
    stored = demo_session.execute(select(tables.boundary.c.id, tables.boundary.c.shape)).all()
    cells = {str(row.id): row.shape for row in stored}
    loose = [str(row.id) for row in stored if row.shape.geoms and len(row.shape.geoms) > 1]
    assert partition.check(cells, hanbin.ground, loose) == []


def test_every_issue_with_a_place_is_in_the_grid_that_covers_it(demo_session: Session) -> None:
    found = func.grid_at(tables.issue.c.place).table_valued("grid_id").lateral()
    rows = demo_session.execute(
        select(tables.issue.c.grid_id, found.c.grid_id)
        .join(found, tables.issue.c.id > 0)
        .where(tables.issue.c.place.is_not(None))
    ).all()
    assert len(rows) > 200
    assert all(stored == now for stored, now in rows)


def test_buildings_lie_in_the_grid_of_their_door(demo_session: Session) -> None:
    outside = demo_session.scalar(
        select(func.count())
        .select_from(tables.building.join(tables.boundary, _same_grid()))
        .where(~func.ST_Covers(tables.boundary.c.shape, tables.building.c.outline))
    )
    assert outside == 0


def _same_grid() -> ColumnElement[bool]:
    return tables.boundary.c.grid_id == tables.building.c.grid_id


def test_neighbouring_groups_differ_in_colour(demo_session: Session) -> None:
    cells = {str(c.grid_id): c.shape for c in grids.present_cells(demo_session)}
    rows = demo_session.execute(
        select(tables.party_org.c.grid_id, tables.party_org.c.colour).where(
            tables.party_org.c.tier == "group"
        )
    )
    colour = {str(row.grid_id): row.colour for row in rows}
    beside = partition.neighbours(cells)
    clashes = [
        (one, other)
        for one, others in beside.items()
        for other in others
        if one in colour and colour[one] == colour.get(other)
    ]
    assert set(colour.values()) == set(range(8))
    assert clashes == []


def test_a_second_load_is_refused_by_the_store(demo_session: Session, hanbin: District) -> None:
    assert not demo.is_empty(demo_session)
    with pytest.raises(Exception, match="district"):
        demo.load(demo_session, hanbin)


def test_tiles_hold_what_the_base_map_needs(demo_session: Session) -> None:
    tile = layers.base_tile(demo_session, 14, 13153, 6616)
    for layer in (b"water", b"roads", b"buildings"):
        assert layer in tile


def test_it_has_something_to_make_known(demo_session: Session, hanbin: District) -> None:
    now = datetime(2026, 11, 23, 4, tzinfo=UTC)
    count = demo_notices.load(demo_session, hanbin, now)
    rows, _ = bulletins.page(demo_session, Wanted(now), None, 100)
    assert len(rows) == count
    assert len({row["community_code"] for row in rows}) >= 8
    assert {row["kind"] for row in rows} == {"notice", "solved"}
    assert all(demo_notices.MARK in row["text"] for row in rows)


def test_the_demo_secretary_has_a_grid_that_a_lane_can_divide(
    demo_session: Session, hanbin: District
) -> None:
    sample = accounts.staffed_grid(demo_session, DEMO_NOW)
    assert sample is not None
    [over] = [
        gap.code
        for gap in hanbin.planted
        if gap.kind == "grid_overloaded" and gap.code[:12] == sample["code"][:12]
    ]
    inside = next(cell.shape for cell in hanbin.cells if cell.code == over).buffer(-INSIDE)
    assert any(road.shape.intersection(inside).length > 2 * INSIDE for road in hanbin.roads)
