"""A gap is closed once, whoever else closes it in the same moment."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.db.scoping import WHOLE
from geodata.errors import NotFound
from geodata.services import coverage, coverage_drafts, coverage_groups, redraw_moves, redraws
from tests.makers import COMMUNITY, Town, code_of
from tests.services.test_coverage import house, parent, staffed

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
_WAITING = text("select count(*) from pg_locks where locktype = 'advisory' and not granted")


def community_party(town: Town) -> None:
    """A party organisation of the community, below which its groups are."""
    values = {"name": "社区党委", "secretary": "李", "community_code": COMMUNITY}
    new = insert(tables.party_org).values(tier="community", parent_id=parent(town), **values)
    town.session.execute(new)


def close(engine: Engine, leader: str) -> int:
    with Session(engine) as session:
        key = ("grid_without_group", code_of("A"))
        made = coverage_groups.close(session, WHOLE, key, leader, NOW)
        session.commit()
        return made


def test_two_who_close_a_gap_at_once_make_one_group(database: Engine) -> None:
    with Session(database) as session:
        town = Town(session).drawn("AB")
        community_party(town)
        session.commit()
    with Session(database) as first, ThreadPoolExecutor(1) as pool:
        key = ("grid_without_group", code_of("A"))
        coverage_groups.close(first, WHOLE, key, "王芳", NOW)
        second = pool.submit(close, database, "李强")
        while not second.done() and not first.scalar(_WAITING):
            time.sleep(0.01)
        first.commit()
        with pytest.raises(NotFound, match="no_gap"):
            second.result()


def test_the_draft_for_a_piece_of_ground_and_its_houses_is_begun_once(town: Town) -> None:
    town.drawn("AB.")
    staffed(town, "A", "B")
    for column in (2.3, 2.7):
        house(town, (0.5, column), ".")
    session = town.session
    outside = [g.key for g in coverage.present(session, NOW) if g.kind == "building_uncovered"]
    first, again, other = (
        coverage_drafts.begin(session, WHOLE, key, "a", NOW, "案")["id"]
        for key in (outside[0], outside[0], outside[1])
    )
    assert first == again == other


def test_a_draft_is_found_by_the_gap_that_it_closes_whatever_it_is_called(town: Town) -> None:
    town.drawn("AABB / AABB")
    staffed(town, "A", "B")
    for row, column in ((0.4, 0.4), (0.4, 1.4), (1.4, 0.4), (1.4, 1.4)):
        house(town, (row, column), "A")
    town.session.execute(update(tables.building).values(households=200))
    session, key = town.session, ("grid_overloaded", code_of("A"))
    made = coverage_drafts.begin(session, WHOLE, key, "a", NOW, "划分")
    redraws.rename(session, made["public_id"], "东边的想法", NOW)
    assert coverage_drafts.begun(session, WHOLE)[key]["id"] == made["id"]
    assert coverage_drafts.begin(session, WHOLE, key, "a", NOW, "划分")["id"] == made["id"]
    copied = redraw_moves.copy(session, made["public_id"], "副本", "b", NOW)
    assert (copied["gap_kind"], copied["gap_code"]) == key
