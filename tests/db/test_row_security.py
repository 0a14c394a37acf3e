"""Row-level security holds by itself: what a forgotten condition would show, it does not."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geodata.db import scoping
from geodata.db.scoping import NONE, WHOLE, Ground
from geodata.domain.roles import EVERYWHERE, Scope

COMMUNITY = "610902001003"
GRID = "610902001003001"
COUNTED = {
    "issue": "select count(*) from issue",
    "issue_event": "select count(*) from issue_event",
    "contact": "select count(*) from contact",
    "closed_tally": "select count(*) from closed_tally",
    "import_job": "select count(*) from import_job",
    "refused_row": "select count(*) from refused_row",
    "load_job": "select count(*) from load_job",
    "load_row": "select count(*) from load_row",
    "load_note": "select count(*) from load_note",
    "redraw_plan": "select count(*) from redraw_plan",
    "redraw_step": "select count(*) from redraw_step",
    "redraw_move": "select count(*) from redraw_move",
    "redraw_left_out": "select count(*) from redraw_left_out",
    "suggestion_job": "select count(*) from suggestion_job",
    "notice": "select count(*) from notice",
    "coverage_report": "select count(*) from coverage_report",
    "coverage_report_file": "select count(*) from coverage_report_file",
    "coverage_schedule": "select count(*) from coverage_schedule",
    "issue_day": "select count(*) from issue_day",
    "issue_before": "select count(*) from issue_before",
}
GROUNDS = """(values
    ('', jsonb '{"whole": true, "communities": [], "grids": []}'),
    ('610902001003', jsonb '{"whole": false, "communities": ["610902001003"], "grids": []}'),
    ('610902001004', jsonb '{"whole": false, "communities": ["610902001004"], "grids": []}'),
    ('none', jsonb '{"whole": false, "communities": [], "grids": []}')
) as given(area, told)"""
FILLED = (
    "insert into contact (issue_id, origin, key_id, sealed) select id, 'web', 'k', '' from issue",
    (
        "insert into import_job (id, file_name, sha256, channel, datum, content, senders)"
        " values (901, 'a', 'a', 'c', 'WGS84', '', '{7}'), (902, 'b', 'b', 'c', 'WGS84', '', '{8}')"
    ),
    (
        'insert into refused_row (job_id, row, "column", code, facts, raw)'
        " values (901, 2, 'a', 'x', '{}', '{}'), (902, 2, 'a', 'x', '{}', '{}')"
    ),
    (
        "insert into load_job (id, kind, file_name, sha256, options, content, senders)"
        " values (901, 'roads', 'a', 'a', '{}', '', '{7}'),"
        " (902, 'roads', 'b', 'b', '{}', '', '{8}')"
    ),
    "insert into load_row (job_id, row, cells) values (901, 1, '{}'), (902, 1, '{}')",
    (
        'insert into load_note (job_id, row, "column", grade, code, facts)'
        " values (901, 1, '', 'flagged', 'x', '{}'), (902, 1, '', 'flagged', 'x', '{}')"
    ),
    (
        "insert into redraw_plan (id, community_code, name, author, base, created_at, changed_at)"
        " select 900 + row_number() over (order by code), code, '案', 'a', '{}', now(), now()"
        " from community where code in ('610902001003', '610902001004')"
    ),
    (
        "insert into redraw_step (plan_id, position, intent, author, at)"
        " select id, 1, '{}', 'a', now() from redraw_plan"
    ),
    (
        "insert into redraw_move (plan_id, at, actor, move, state)"
        " select id, now(), 'a', 'submit', 'submitted' from redraw_plan"
    ),
    (
        "insert into redraw_left_out (plan_id, intent, code, facts, author, at)"
        " select id, '{}', 'no_change', '{}', 'a', now() from redraw_plan"
    ),
    (
        "insert into suggestion_job (community_code, kind, options, author, created_at)"
        " select community_code, 'divide', '{}', 'a', now() from redraw_plan"
    ),
    (
        "insert into account (login, name, changed_at, worker_id)"
        " select 'w' || id, '甲', now(), id from grid_worker order by id limit 1"
    ),
    (
        "insert into notice (worker_id, kind, at, detail)"
        " select id, 'redraw', now(), '{}' from grid_worker order by id limit 2"
    ),
    *(
        f"insert into coverage_{name} (area_code, {columns}, ground, account_id, created_at)"  # noqa: S608 -- our own words
        f" select area, {values}, told, account.id, now() from account, {GROUNDS}"
        " where login like 'w%'"
        for name, columns, values in (
            ("report", "span, total", "'2026-W47', 5"),
            ("schedule", "every", "'week'"),
        )
    ),
    (
        "insert into coverage_report_file (report_id, format, content)"
        " select id, 'csv', '' from coverage_report"
    ),
    (
        "insert into issue_day select '2026-11-02', code, 1, 'web', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,"
        " 1, 1 from community where code in ('610902001003', '610902001004')"
    ),
    "insert into issue_before (issue_id, community_code) select 1, community_code from issue_day",
)


@pytest.fixture
def web(loaded: Engine, web_role: str) -> Iterator[Connection]:
    """A connection that has become the web's lesser role, on a store with something of each."""
    with loaded.connect() as connection, connection.begin() as outer:
        for statement in FILLED:
            connection.execute(text(statement))
        connection.execute(text(f"set local role {web_role}"))
        yield connection
        outer.rollback()


def counted(web: Connection) -> dict[str, int]:
    return {name: int(web.scalar(text(query)) or 0) for name, query in COUNTED.items()}


def tell(web: Connection, ground: Ground, account: int | None = None, **more: Any) -> None:
    said = scoping.settings(ground, account, all_files=more.pop("all_files", False))
    scoping.tell(web, said | more)


def test_who_says_nothing_sees_nothing(web: Connection) -> None:
    assert set(counted(web).values()) == {0}
    tell(web, NONE)
    assert set(counted(web).values()) == {0}


def test_the_whole_is_all_there(web: Connection) -> None:
    tell(web, WHOLE, all_files=True)
    seen = counted(web)
    assert seen["issue"] == seen["contact"] == 260
    assert seen["issue_event"] > 260
    assert {seen[name] for name in ("import_job", "refused_row", "load_job", "load_note")} == {2}
    assert (seen["redraw_plan"], seen["redraw_step"], seen["redraw_move"]) == (2, 2, 2)
    assert (seen["suggestion_job"], seen["notice"], seen["redraw_left_out"]) == (2, 2, 2)
    assert (seen["coverage_report"], seen["issue_day"], seen["issue_before"]) == (4, 2, 2)


@pytest.mark.parametrize("scope", [Scope((COMMUNITY,)), Scope((), (GRID,))])
def test_some_ground_shows_its_own_and_no_more(
    loaded: Engine, web: Connection, scope: Scope
) -> None:
    ground = scoping.resolved(web, scope)
    with loaded.connect() as owner:
        own = owner.scalar(
            text(
                "select count(*) from issue left join grid on grid.id = grid_id"
                " where issue.community_code = :area or grid.code = :area"
            ),
            {"area": (*scope.prefixes, *scope.grids)[0]},
        )
    tell(web, ground, 7)
    seen = counted(web)
    assert (seen["issue"], seen["contact"]) == (own, own)
    assert 0 < seen["issue"] < 60
    assert seen["closed_tally"] < 60
    assert seen["issue_event"] >= seen["issue"]
    assert [seen[name] for name in ("import_job", "refused_row", "load_job")] == [1, 1, 1]
    plans = 1 if COMMUNITY in ground.communities else 0
    of_plans = ("redraw_plan", "redraw_step", "redraw_move", "suggestion_job")
    assert [seen[name] for name in of_plans] == [plans] * 4
    of_reports = ("coverage_report", "coverage_report_file", "coverage_schedule")
    assert [seen[name] for name in (*of_reports, "issue_day", "issue_before")] == [plans] * 5
    assert seen["notice"] == 0  # it is not of ground: it is the worker's own


def test_a_department_sees_and_hands_back_what_was_handed_to_it(web: Connection) -> None:
    tell(web, WHOLE)
    handed = web.execute(
        text(
            "update issue set handler = '甲局' where id = (select min(id) from issue where is_open)"
            " returning id, public_id"
        )
    ).one()
    tell(web, Ground(handed=frozenset({"甲局", "乙局"})))
    seen = counted(web)
    assert (seen["issue"], seen["contact"], seen["closed_tally"]) == (1, 1, 0)
    back = text("update issue set handler = null where id = :id")
    with pytest.raises(DBAPIError, match="row-level security"), web.begin_nested():
        web.execute(back, {"id": handed.id})
    tell(web, Ground(handed=frozenset({"甲局"})), issue=str(handed.public_id))
    assert web.execute(back, {"id": handed.id}).rowcount == 1


def test_a_notice_is_seen_by_its_worker(web: Connection) -> None:
    told = "select account.id from account join notice on notice.worker_id = account.worker_id"
    tell(web, WHOLE)
    holder = web.scalar(text(f"{told} order by 1 limit 1"))
    tell(web, NONE, holder)
    assert counted(web)["notice"] == 1


def test_one_issue_is_followed_by_its_number_without_its_contact(web: Connection) -> None:
    tell(web, WHOLE)
    number = web.scalar(text("select public_id from issue order by id limit 1"))
    tell(web, NONE, issue=str(number))
    seen = counted(web)
    assert (seen["issue"], seen["contact"]) == (1, 0)
    assert seen["issue_event"] > 0


def test_it_is_said_for_one_transaction_only(web: Connection) -> None:
    with web.begin_nested() as inner:
        tell(web, WHOLE)
        assert counted(web)["issue"] == 260
        inner.rollback()
    assert counted(web)["issue"] == 0


@pytest.mark.parametrize(
    "change",
    [
        "update issue set text = 'x'",
        "update import_job set senders = '{7}'",
        "delete from refused_row",
        "update redraw_plan set state = 'discarded'",
        "delete from redraw_step",
        "delete from coverage_report",
        "update coverage_schedule set active = false",
    ],
)
def test_what_is_not_seen_is_not_changed(web: Connection, change: str) -> None:
    assert web.execute(text(change)).rowcount == 0


def test_a_plan_is_begun_on_ones_own_ground_alone(web: Connection) -> None:
    tell(web, Ground(communities=frozenset({COMMUNITY})))
    begun = text(
        "insert into redraw_plan (community_code, name, author, base, created_at, changed_at)"
        " values (:code, '案', 'a', '{}', now(), now())"
    )
    web.execute(begun, {"code": COMMUNITY})
    with pytest.raises(DBAPIError, match="row-level security"):
        web.execute(begun, {"code": "610902001004"})


@pytest.mark.parametrize(
    "trick",
    [
        "alter table issue disable row level security",
        "drop policy issue_ground on issue",
    ],
)
def test_the_web_cannot_let_itself_in(web: Connection, trick: str) -> None:
    with pytest.raises(DBAPIError, match=r"owner|permission"):
        web.execute(text(trick))


def test_no_condition_of_a_query_looks_past_the_policy(web: Connection) -> None:
    tell(web, Ground(communities=frozenset({COMMUNITY})))
    leak = "1 / (case when community_code = :own then 1 else 0 end) = 1"  # fails on any other row
    query = text(f"select count(*) from issue where {leak}")  # noqa: S608 -- our own words
    assert int(web.scalar(query, {"own": COMMUNITY}) or 0) > 0


def test_a_place_and_a_ticket_are_still_found_by_index(web: Connection) -> None:
    tell(web, WHOLE)
    web.execute(text("set local enable_seqscan = off"))
    for query, index in (
        ("place && ST_MakeEnvelope(109, 32.6, 109.01, 32.7, 4326)", "ix_issue_place"),
        ("ticket ~>=~ 'AK' and ticket ~<~ 'AL'", "ix_issue_ticket"),
        (f"community_code = '{COMMUNITY}'", "ix_issue_community"),
        ("grid_id = 7", "grid"),
    ):
        plan = web.scalars(text(f"explain select * from issue where {query}")).all()  # noqa: S608
        assert index in "\n".join(plan), plan


def test_a_scope_is_what_the_store_has_below_it(loaded: Engine) -> None:
    with loaded.connect() as owner:
        assert scoping.resolved(owner, EVERYWHERE) == WHOLE
        assert scoping.resolved(owner, Scope()) == NONE
        assert scoping.resolved(owner, Scope(("610902",))).whole  # the whole district of this store
        street = scoping.resolved(owner, Scope(("610902001",)))
        assert street.streets == {"610902001"}
        assert COMMUNITY in street.communities
        grid = scoping.resolved(owner, Scope((GRID,)))
        assert grid.grid_codes == {GRID}
        assert not grid.communities
        assert not scoping.resolved(owner, Scope(("999",)))


def test_a_code_of_ones_own_scheme_covers_no_longer_one(loaded: Engine) -> None:
    with loaded.connect() as owner, owner.begin() as outer:
        owner.execute(
            text(
                "insert into community (code, street_code, code_scheme, name)"
                " values ('A1', '610902001', 'own', 'A1'), ('A12', '610902001', 'own', 'A12')"
            )
        )
        assert scoping.resolved(owner, Scope(("A1",))).communities == {"A1"}
        assert "A12" in scoping.resolved(owner, Scope(("610902001",))).communities
        outer.rollback()
