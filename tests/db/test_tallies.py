"""Closed issues are counted when they close; the counts say what a look at every issue says."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import issue_marks, issues, tables, tallies
from geodata.db.narrowing import Filter
from geodata.db.scoping import Ground
from tests.conftest import NOW

issue = tables.issue
CELL = 0.02
COMMUNITY = "610902001003"


def counted(session: Session) -> dict[str, int]:
    """The totals by a look at every issue."""
    raised = issue.c.is_open & (issue.c.level != "grid")
    query = select(
        func.count().filter(~issue.c.is_open).label("closed"),
        func.count().filter(raised).label("escalated"),
        func.count().filter(issue.c.is_open & (issue.c.level == "grid")).label("open"),
        func.count().filter(issue.c.grid_id.is_(None)).label("unplaced"),
    )
    return dict(session.execute(query).mappings().one())


def by_grid(session: Session, wanted: Filter) -> dict[int, tuple[int, int]]:
    """What the clusters are made of, by one grid after the other."""
    rows = session.execute(select(issue).where(issue.c.grid_id.is_not(None))).mappings()
    counts: dict[int, tuple[int, int]] = {}
    for row in rows:
        told = (row["category_id"], row["channel"], row["status"])
        asked = (wanted.category_id, wanted.channel, wanted.status)
        if any(want not in (None, one) for one, want in zip(told, asked, strict=True)):
            continue
        if wanted.state is not None and row["is_open"] != (wanted.state == "open"):
            continue
        late = row["is_open"] and row["due_at"] is not None and row["due_at"] < NOW
        count, overdue = counts.get(row["grid_id"], (0, 0))
        counts[row["grid_id"]] = count + 1, overdue + late
    return counts


def number_of(session: Session, category: str | None) -> int | None:
    kind = tables.issue_category
    return session.scalar(select(kind.c.id).where(kind.c.code == category))


def clustered(session: Session, wanted: Filter) -> tuple[int, int]:
    rows = issue_marks.clusters(session, wanted, NOW, CELL)
    return int(sum(row["count"] for row in rows)), int(sum(row["overdue"] for row in rows))


NARROWED = (
    Filter(),
    Filter(channel="web"),
    Filter(status="closed"),
    Filter(status="void", channel="web"),
    Filter(status="dispatched"),
)


@pytest.mark.parametrize("state", [None, "open", "closed"])
@pytest.mark.parametrize("category", [None, "ENV"])
def test_clusters_count_every_issue_once(
    demo_session: Session, state: str | None, category: str | None
) -> None:
    number = number_of(demo_session, category)
    for narrow in NARROWED:
        wanted = replace(narrow, state=state, category_id=number)
        counts = by_grid(demo_session, wanted).values()
        assert clustered(demo_session, wanted) == (
            sum(count for count, _ in counts),
            sum(overdue for _, overdue in counts),
        )


@pytest.mark.parametrize("state", [None, "closed"])
def test_clusters_of_an_area_count_its_issues(demo_session: Session, state: str | None) -> None:
    counts = by_grid(demo_session, Filter(state))
    rows = demo_session.execute(select(tables.grid.c.id, tables.grid.c.community_code)).all()
    community = next(code for number, code in rows if counts.get(number, (0, 0))[0])
    single = next(n for n, code in rows if n in counts and code != community)
    whole = {number for number, code in rows if code == community}
    for wanted, grids in (
        (Filter(state, communities=(community,)), whole),
        (Filter(state, grid_id=single), {single}),
        (Filter(state, ground=Ground(communities=frozenset({community}))), whole),
        (Filter(state, ground=Ground(grids=frozenset({single}))), {single}),
        (
            Filter(
                state, ground=Ground(communities=frozenset({community}), grids=frozenset({single}))
            ),
            whole | {single},
        ),
    ):
        own = [counts.get(number, (0, 0)) for number in grids]
        assert clustered(demo_session, wanted) == (
            sum(count for count, _ in own),
            sum(overdue for _, overdue in own),
        )


def test_totals_follow_whatever_happens_to_issues(demo_session: Session) -> None:
    seed = secrets.randbits(16)
    print(f"seed {seed}")  # noqa: T201 -- a failure must be repeatable
    first = select(func.min(tables.issue_category.c.id)).scalar_subquery()
    some = (issue.c.id * 7919 + seed) % 5
    changes = (
        update(issue).where(some == 0).values(status="closed"),
        update(issue).where(some == 1).values(status="accepted"),
        update(issue).where(some == 4, ~issue.c.is_open).values(status="void"),
        update(issue).where(some == 4, issue.c.status == "void").values(channel="web"),
        update(issue).where(some == 2).values(place=None, rule="none"),
        update(issue).where(some == 3).values(category_id=first),
        update(issue).where(some == 0, issue.c.level == "grid").values(level="street"),
    )
    for change in changes:
        demo_session.execute(change)
        assert dict(issues.totals(demo_session)) == counted(demo_session)
        for state in (None, "open", "closed"):
            test_clusters_count_every_issue_once(demo_session, state, "ENV")


def test_folding_changes_no_count(demo_session: Session) -> None:
    demo_session.execute(update(issue).where(issue.c.id % 2 == 0).values(status="closed"))
    asked = [replace(one, state="closed") for one in NARROWED]
    before = issues.totals(demo_session), [clustered(demo_session, one) for one in asked]
    rows = demo_session.scalar(select(func.count()).select_from(tables.closed_tally))
    tallies.fold(demo_session)
    after = issues.totals(demo_session), [clustered(demo_session, one) for one in asked]
    assert after == before
    assert (demo_session.scalar(select(func.count()).select_from(tables.closed_tally)) or 0) < (
        rows or 0
    )


def test_counting_anew_changes_no_count(demo_session: Session) -> None:
    kept = select(*(c for c in tables.closed_tally.c if c.name != "added"), tallies.ADDED)
    every = kept.group_by(*kept.selected_columns[:-1]).having(tallies.ADDED != 0)
    before = set(demo_session.execute(every).all())
    demo_session.execute(select(func.count_closed()))
    assert set(demo_session.execute(every).all()) == before != set()


def test_totals_of_an_area_are_those_of_its_issues(demo_session: Session) -> None:
    """Those in no grid too, of which no tally tells where they lie."""
    own = issue.c.community_code == COMMUNITY
    some = select(issue.c.id).where(own, ~issue.c.is_open).limit(2)
    astray = {"place": None, "rule": "none", "grid_id": None, "boundary_id": None}
    demo_session.execute(update(issue).where(issue.c.id.in_(some)).values(**astray))
    found = dict(
        demo_session.execute(
            select(
                func.count().filter(~issue.c.is_open).label("closed"),
                func.count().filter(issue.c.grid_id.is_(None)).label("unplaced"),
                func.count().filter(issue.c.is_open & (issue.c.level == "grid")).label("open"),
                func.count().filter(issue.c.is_open & (issue.c.level != "grid")).label("escalated"),
            ).where(own)
        )
        .mappings()
        .one()
    )
    assert found["unplaced"] >= 2
    ground = Ground(communities=frozenset({COMMUNITY}))
    for wanted in (Filter(communities=(COMMUNITY,)), Filter(ground=ground)):
        assert dict(issues.totals(demo_session, wanted)) == found


def test_a_closed_issue_that_goes_is_counted_no_more(demo_session: Session) -> None:
    row = {
        "channel": "t",
        "ticket": "1",
        "category_id": demo_session.scalar(select(func.min(tables.issue_category.c.id))),
        "text": "x",
        "precision": "none",
        "status": "closed",
        "reported_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    before = issues.totals(demo_session)
    demo_session.execute(insert(issue).values(**row))
    assert issues.totals(demo_session)["closed"] == before["closed"] + 1
    assert issues.totals(demo_session)["unplaced"] == before["unplaced"] + 1
    demo_session.execute(delete(issue).where(issue.c.channel == "t"))
    assert issues.totals(demo_session) == before
