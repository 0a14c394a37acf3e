"""Whoever gives an issue its ground and whoever takes that ground away wait for each other."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geodata.db import ground, tables
from geodata.db.scoping import WHOLE
from geodata.domain.deadline import Calendar
from geodata.domain.roles import Role
from geodata.domain.workflow import Word
from geodata.errors import WanggeError
from geodata.services import moves
from geodata.services.moves import Move, Mover
from tests.drawing import draw, spot
from tests.makers import DISTRICT, Town, multi

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CLERK = Mover("clerk", None, WHOLE, lambda *_: frozenset({Role.SECRETARY}))
WEEK = Calendar()


@pytest.fixture
def drawn(database: Engine) -> Town:
    """Two grids, of which B has an open issue; what was drawn is committed."""
    with Session(database) as session:
        town = Town(session).drawn("AB")
        session.execute(
            insert(tables.issue).values(
                channel="web",
                ticket="1",
                text="x",
                status="reported",
                category_id=select(tables.issue_category.c.id).limit(1).scalar_subquery(),
                place=spot(0.5, 1.5),
                precision="pin",
                reported_at=NOW,
            )
        )
        session.commit()
    return town


def merged(session: Session, town: Town) -> None:
    """B becomes all the ground, and open issues follow; not committed."""
    at = ground.lock(session, DISTRICT)
    own = {row["id"]: row["boundary_id"] for row in ground.present(session)}
    ground.close(session, list(own.values()), at)
    whole = draw("BB")["B"]
    ground.open_(session, [(town.grids["B"], multi(whole))], at)
    session.execute(
        tables.grid.update().where(tables.grid.c.code.endswith("001")).values(retired_at=at)
    )
    ground.reassign(session, whole, at)


GIVEN = text(
    "update issue set rule = 'passed', (grid_id, boundary_id) ="
    " (select grid.id, boundary.id from grid join boundary on boundary.grid_id = grid.id"
    " where code like '%001' and upper_inf(valid))"
)
NOWHERE = text(
    "select count(*) from issue join boundary on boundary.id = boundary_id"
    " where is_open and not upper_inf(valid)"
)


def test_a_publisher_waits_for_an_issue_and_moves_it(database: Engine, drawn: Town) -> None:
    with (
        Session(database) as session,
        Session(database) as publisher,
        ThreadPoolExecutor(1) as pool,
    ):
        session.execute(GIVEN)
        session.execute(text("set constraints all immediate"))
        waiting = pool.submit(_published, publisher, drawn)
        time.sleep(0.3)
        assert not waiting.done()
        session.commit()
        waiting.result(timeout=30)
        assert publisher.scalar(NOWHERE) == 0
        assert publisher.scalar(select(tables.issue.c.grid_id)) == drawn.grids["B"]


def _published(session: Session, town: Town) -> None:
    merged(session, town)
    session.commit()


def test_an_issue_given_by_any_program_waits_for_a_publisher_and_is_refused(
    database: Engine, drawn: Town
) -> None:
    """Also where it read the ground before, and holds no lock of ours."""
    with (
        Session(database) as session,
        Session(database) as publisher,
        ThreadPoolExecutor(1) as pool,
    ):
        session.execute(text("alter table issue disable trigger issue_ground_first"))
        session.commit()
        found = session.execute(
            text("select grid_id, id from boundary where grid_id = :g"), {"g": drawn.grids["A"]}
        ).one()
        merged(publisher, drawn)
        waiting = pool.submit(_given, session, tuple(found))
        time.sleep(0.3)
        assert not waiting.done()
        publisher.commit()
        with pytest.raises(DBAPIError, match="ground that is no more"):
            waiting.result(timeout=30)
    with Session(database) as after:
        assert after.scalar(NOWHERE) == 0


def _given(session: Session, found: tuple[int, int]) -> None:
    statement = text(
        "insert into issue (channel, ticket, text, status, category_id, place, precision, rule,"
        " grid_id, boundary_id, reported_at) select channel, '2', text, status, category_id, place,"
        " precision, 'passed', :grid, :boundary, now() from issue"
    )
    session.execute(statement, {"grid": found[0], "boundary": found[1]})
    session.commit()


def test_passing_on_during_a_publication_is_answered_in_words(
    database: Engine, drawn: Town
) -> None:
    with (
        Session(database) as session,
        Session(database) as publisher,
        ThreadPoolExecutor(1) as pool,
    ):
        number = session.scalars(select(tables.issue.c.public_id)).one()
        session.commit()
        merged(publisher, drawn)
        waiting = pool.submit(_passed, session, number)
        time.sleep(0.3)
        assert not waiting.done()
        publisher.commit()
        assert waiting.result(timeout=30) == "no_grid_beside"


def _passed(session: Session, number: UUID) -> str:
    code = "610902001003001"
    move = Move("pass_over", uuid4().hex, Word(grid=code, note="x"))
    try:
        moves.take(session, number, move, CLERK, NOW, WEEK)
        session.commit()
    except WanggeError as refused:
        return refused.code
    return "passed"
