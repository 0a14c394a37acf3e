"""No question of the desk needs to read all issues, and those of many are answered by indexes."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from geodata.db import issue_marks, issues, scoping
from geodata.db.narrowing import Filter
from geodata.db.ordering import Order
from geodata.db.scoping import WHOLE, Ground
from scripts.bench import questions, scans
from tests.conftest import NOW

DEPARTMENT = Ground(handed=frozenset({"市自来水公司"}))
OTHERS = """
    select indexname from pg_indexes where tablename = 'issue' and indexname <> :index
    and indexname not in (select conname from pg_constraint)
"""
FORCED = "set local enable_seqscan = off; set local enable_sort = off"


@pytest.fixture
def web(loaded: Engine, web_role: str) -> Iterator[Session]:
    """The web's lesser role, with a planner that reads and sorts only where nothing else serves."""
    with loaded.connect() as connection, connection.begin() as outer:
        connection.execute(text("update issue set handler = '市自来水公司' where id % 3 = 0"))
        for setting in FORCED.split(";"):
            connection.execute(text(setting))
        connection.execute(text(f"set local role {web_role}"))
        yield Session(connection, join_transaction_mode="create_savepoint")
        outer.rollback()


def seen(session: Session, ground: Ground) -> list[scans.Asked]:
    """What is asked from here on, of somebody's ground."""
    found: list[scans.Asked] = []
    scoping.tell(session.connection(), scoping.settings(ground, None, all_files=False))
    event.listen(session.connection(), "before_cursor_execute", scans.keeper(found))
    return found


def plan(connection: Connection, asked: scans.Asked) -> str:
    sql, args = asked
    return "\n".join(connection.exec_driver_sql(f"explain {sql}", args).scalars())


@pytest.mark.parametrize("whose", ["manager", "department"])
def test_nothing_reads_all_issues(web: Session, whose: str) -> None:
    scoping.tell(web.connection(), scoping.settings(WHOLE, None, all_files=False))
    ground = questions.grounds(web)[whose]
    jobs = list(questions.questions(web, ground))
    asked = seen(web, ground)
    for name, job in jobs:
        asked.clear()
        job(web)
        for one in [*asked]:
            assert "issue" not in set(scans.whole(web.connection(), one)), name


@pytest.mark.parametrize(
    ("ground", "wanted", "order", "index"),
    [
        (DEPARTMENT, Filter(), "kind", "ix_issue_handler_category"),
        (DEPARTMENT, Filter(), "grid", "ix_issue_handler_grid"),
        (DEPARTMENT, Filter("open"), "due", "ix_issue_handler_due"),
        (WHOLE, Filter(status="void"), "kind", "ix_issue_ended_category"),
        (WHOLE, Filter(status="rejected"), "grid", "ix_issue_ended_grid"),
    ],
)
def test_an_order_is_that_of_an_index(
    web: Session, ground: Ground, wanted: Filter, order: str, index: str
) -> None:
    asked = seen(web, ground)
    narrow = Filter(wanted.state, status=wanted.status, ground=ground)
    issues.page(web, narrow, Order(order), None, 50)
    told = plan(web.connection(), asked[0])
    assert index in told
    assert "Sort" not in told


@pytest.mark.parametrize(
    ("ground", "wanted", "index"),
    [
        (WHOLE, Filter("open"), "ix_issue_waiting"),
        (WHOLE, Filter("open", channel="web"), "ix_issue_waiting"),
        (DEPARTMENT, Filter(status="closed", ground=DEPARTMENT), "ix_issue_handler"),
    ],
)
def test_marks_come_from_an_index_alone(
    web: Session, web_role: str, ground: Ground, wanted: Filter, index: str
) -> None:
    """Row-level security asks nothing besides: each look at a row costs more than all else."""
    web.execute(text("reset role"))
    for other in web.scalars(text(OTHERS), {"index": index}).all():
        web.execute(text(f"drop index {other}"))
    web.execute(text("set local enable_bitmapscan = off"))
    web.execute(text(f"set local role {web_role}"))
    asked = seen(web, ground)
    issue_marks.clusters(web, wanted, NOW, 0.02)
    told = plan(web.connection(), asked[0])
    assert re.search(f"Index Only Scan( Backward)? using {index} on issue", told)
