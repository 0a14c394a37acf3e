"""A worker with too much hands a grid over to somebody nearby, and the gap is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from geodata.db import ground, tables
from geodata.db.scoping import WHOLE
from geodata.errors import InvalidMove, NotFound
from geodata.services import coverage, coverage_workers
from geodata.services.posts import Office
from tests.makers import Town, code_of
from tests.services.test_coverage import BEFORE, house, staffed

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
OFFICE = Office(WHOLE, NOW, UTC)


def laden(town: Town) -> int:
    """The worker of A serves B as well: three hundred households in each, and C has none."""
    town.drawn("ABC")
    staffed(town, "A", "C")
    for letter, column in (("A", 0), ("B", 1)):
        house(town, (0.5, column + 0.5), letter)
    town.session.execute(update(tables.building).values(households=300))
    post = tables.post.c
    number = town.session.scalars(
        select(post.worker_id).where(post.grid_id == town.grids["A"])
    ).one()
    during = func.tstzrange(BEFORE, None)
    row = {"worker_id": number, "grid_id": town.grids["B"], "duty": "lead", "during": during}
    town.session.execute(insert(tables.post).values(**row))
    return int(number)


def test_a_grid_is_handed_over_and_the_gap_is_gone(town: Town) -> None:
    number = laden(town)
    gaps = {gap.key: gap for gap in coverage.present(town.session, NOW)}
    gap = gaps[coverage_workers.KIND, str(number)]
    (taker,) = gap.facts["takers"]
    assert (taker["name"], taker["share"], taker["room"]) == ("员C", 300, 500)
    with pytest.raises(InvalidMove, match="worker_no_room"):
        coverage_workers.hand_over(town.session, OFFICE, gap.code, code_of("C"), taker["worker"])
    done = coverage_workers.hand_over(
        town.session, OFFICE, gap.code, taker["grid"], taker["worker"]
    )
    assert (done.grid, done.name) == (taker["grid"], "员C")
    assert gap.key not in {gap.key for gap in coverage.present(town.session, NOW)}
    late = replace(OFFICE, now=NOW - timedelta(milliseconds=9))  # looked before, came after
    assert gap.key in {gap.key for gap in coverage.present(town.session, late.now)}
    with pytest.raises(NotFound, match="no_gap"):
        coverage_workers.hand_over(town.session, late, gap.code, taker["grid"], taker["worker"])
    with pytest.raises(NotFound, match="no_gap"):
        coverage_workers.hand_over(town.session, OFFICE, gap.code, taker["grid"], taker["worker"])


def test_no_gap_is_closed_while_somebody_redraws(loaded: Engine) -> None:
    with Session(loaded) as drawing, Session(loaded) as closing:
        ground.hold(drawing)
        closing.execute(text("set local lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            coverage.held(closing, WHOLE, NOW)
