"""The demo comes with a month of kept coverage, which is what the days before could have been."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geodata.db import coverage_history as gaps_then
from geodata.db import tables
from geodata.db.scoping import WHOLE
from geodata.services import coverage_figures, coverage_history, coverage_report, demo_days
from geodata.services.coverage_report import Report
from tests.conftest import NOW

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = NOW.astimezone(ZONE).date()
CLOSED = {
    "grid_without_group": 5,
    "group_without_leader": 3,
    "building_without_group": 4,
    "group_astride": 2,
    "grid_without_worker": 5,
}
OPENED = {
    "group_without_leader": 2,
    "building_without_group": 3,
    "group_astride": 1,
    "grid_without_worker": 2 + 5,
}
"""What is invented, and the posts that the demo itself says were vacant for a time."""
UNSTAFFED = text("""
    select grid.code from grid where kind <> 'uncovered' and not exists (
        select from post where grid_id = grid.id and during @> cast(:at as timestamptz))
""")
WAITING = text("""
    select count(*) as open, count(*) filter (where due_at < :at) as overdue from issue
    where reported_at <= :at and (is_open or closed_at > :at) and community_code is not null
""")


def test_the_demos_month_leads_to_the_present(demo_session: Session) -> None:
    assert demo_days.make(demo_session, NOW, ZONE) == 31
    report = coverage_report.report(demo_session, NOW, WHOLE)
    _is_the_present(demo_session, report)
    moved = _moved(demo_session)
    assert {kind: n for kind, n in moved["closed"].items() if kind in CLOSED} == CLOSED
    assert {kind: n for kind, n in moved["opened"].items() if kind in OPENED} == OPENED
    rows = coverage_history.by_day(demo_session, WHOLE, NOW, 30, str(ZONE))
    assert len({row["day"] for row in rows}) == 30
    assert len({row["day"] for row in rows if row["closed"] and row["kind"] in CLOSED}) > 12
    for ago in (2, 9, 16, 30):
        _is_what_was(demo_session, report, TODAY - timedelta(days=ago))
    kept = _count(demo_session)
    assert demo_days.make(demo_session, NOW, ZONE) == 0
    assert _count(demo_session) == kept


def test_a_district_that_is_real_gets_no_invented_month(demo_session: Session) -> None:
    demo_session.execute(text("update district set synthetic = false"))
    assert demo_days.make(demo_session, NOW, ZONE) == 0
    assert _count(demo_session) == 0


def _is_the_present(session: Session, report: Report) -> None:
    stood = gaps_then.standing(session, WHOLE, NOW)
    assert {(row["kind"], row["code"]) for row in stood} == {gap.key for gap in report.gaps}
    kept = coverage_figures.on_day(session, TODAY, report.names, "grid", WHOLE)
    assert sorted(kept.parts, key=lambda part: part.code) == report.parts("grid", WHOLE)
    assert kept.workers == report.workers(WHOLE)


def _moved(session: Session) -> dict[str, Counter[str]]:
    """How many gaps of each kind opened and closed after the first of the days."""
    first = datetime.combine(TODAY - timedelta(days=29), time.min, ZONE)
    rows = coverage_history.events(session, WHOLE, "", first, NOW, 1_000)
    closed = [row for row in rows if row["ended"]]
    assert {row["ending"] for row in closed} == {"closed"}
    assert len({row["grid_code"][:9] for row in closed if row["grid_code"]}) == 3
    opened = Counter(row["kind"] for row in rows if row["began"] >= first)
    return {"closed": Counter(row["kind"] for row in closed), "opened": opened}


def _is_what_was(session: Session, report: Report, day: date) -> None:
    """Posts and issues of a day are those of the store; its gaps are those of its figures."""
    at = datetime.combine(day, time(23, 55), ZONE)
    stood = gaps_then.standing(session, WHOLE, at)
    unstaffed = {row["code"] for row in stood if row["kind"] == "grid_without_worker"}
    assert unstaffed == set(session.scalars(UNSTAFFED, {"at": at}))
    kept = coverage_figures.on_day(session, day, report.names, "community", WHOLE)
    sums: Any = Counter()
    for part in kept.parts:
        sums.update(part.figures)
    waiting = session.execute(WAITING, {"at": at}).one()
    assert (sums["open"], sums["overdue"]) == (waiting.open, waiting.overdue)
    assert sums["gaps"] == sum(row["community_code"] is not None for row in stood)
    kinds = Counter(row["kind"] for row in stood)
    assert sums["grids"] - sums["with_group"] == kinds["grid_without_group"]
    bare = sums["buildings"] - sums["covered"] - kinds["building_without_group"]
    assert bare == _unserved(
        session, [r["code"] for r in stood if r["kind"] == "grid_without_group"]
    )


def _unserved(session: Session, grids: list[str]) -> int:
    """The buildings of some grids, of which none has a group."""
    home = tables.building.join(tables.grid, tables.grid.c.id == tables.building.c.grid_id)
    query = select(func.count()).select_from(home).where(tables.grid.c.code.in_(grids))
    return int(session.scalar(query.where(tables.building.c.kind == "building")) or 0)


def _count(session: Session) -> int:
    found = text("select (select count(*) from coverage_gap) + count(*) from coverage_figures")
    return int(session.scalar(found) or 0)
