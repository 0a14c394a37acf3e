"""What the web's lesser role may not do to the map, in whatever words: attacks in SQL, refused."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

CELLS = text("""
    select grid.id as grid, boundary.id as boundary, ST_AsHEXEWKB(shape) as shape
    from boundary join grid on grid.id = boundary.grid_id and upper_inf(valid)
    where grid.community_code = '610902001003' and kind = 'basic' order by grid.code limit 2
""")
OWN_FUNCTIONS = text("""
    select p.oid::regprocedure::text from pg_proc p join pg_language l on l.oid = p.prolang
    where p.pronamespace = 'public'::regnamespace and l.lanname in ('sql', 'plpgsql')
        and p.prokind = 'f' and p.provolatile <> 'i' and p.prosqlbody is null
        and not 'search_path=public, pg_temp' = any (coalesce(p.proconfig, '{}'))
        and not exists (
            select from pg_depend d
            where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
""")
BOX = """ST_Expand(ST_SetSRID(ST_MakePoint(
    round(ST_X(ST_PointOnSurface(shape)) * 8388608) / 8388608,
    round(ST_Y(ST_PointOnSurface(shape)) * 8388608) / 8388608), 4326), 300 / 8388608.0)"""
CLOSE = (
    "update boundary set valid = tstzrange(lower(valid), {at}) where id in ({one}, {other})",
    (
        "insert into boundary (grid_id, shape, valid) select g, b.shape, tstzrange({at}, null)"
        " from boundary b join (values ({g1}, {other}), ({g2}, {one})) swap (g, id) using (id)"
    ),
)


@pytest.fixture(scope="module")
def cells(loaded: Engine, web_role: str) -> Mapping[str, Any]:
    """Two grids of a community with their boundaries, a plan, and the role's name."""
    with loaded.connect() as connection:
        one, other = connection.execute(CELLS).mappings().all()
    return {
        "g1": one["grid"],
        "g2": other["grid"],
        "role": web_role,
        "one": one["boundary"],
        "other": other["boundary"],
    }


@pytest.fixture
def web(loaded: Engine, cells: Mapping[str, Any]) -> Iterator[Connection]:
    """A connection that has become the web's lesser role; what it does is undone."""
    with loaded.connect() as connection, connection.begin() as outer:
        for statement in PAST:
            connection.exec_driver_sql(statement.format(**cells))
        connection.exec_driver_sql(f"set local role {cells['role']}")
        connection.exec_driver_sql("set local wangge.ground = 'all'")
        yield connection
        outer.rollback()


PAST = (
    (
        "insert into redraw_plan (community_code, name, state, author, base, created_at,"
        " changed_at, published_at, published_by) values ('610902001003', 'old', 'published',"
        " 'a', '{{}}', '2026-01-01', '2026-01-01', '2026-01-01', 'b')"
    ),
    (
        "insert into redraw_plan (community_code, name, author, base, created_at, changed_at)"
        " values ('610902001003', 'new', 'a', '{{}}', now(), now())"
    ),
    (
        "insert into notice (worker_id, kind, at, detail)"
        " select min(id), 'redraw', '2026-01-01', '{{}}' from grid_worker"
    ),
    (
        "insert into grid_lock (grid_id, reason, locked_by, locked_at, released_at, released_by)"
        " values ({g1}, 'x', 'a', '2026-01-01', '2026-01-02', 'a')"
    ),
)


def tried(web: Connection, cells: Mapping[str, Any], *statements: str) -> None:
    for statement in statements:
        web.exec_driver_sql(statement.format(**cells))
    web.exec_driver_sql("set constraints all immediate")


def test_every_function_that_reads_tables_means_ours(loaded: Engine) -> None:
    with loaded.connect() as connection:
        assert connection.scalars(OWN_FUNCTIONS).all() == []


def test_it_makes_no_temporary_tables(web: Connection) -> None:
    with pytest.raises(DBAPIError, match="permission denied to create temporary tables"):
        web.exec_driver_sql("create temp table boundary (like public.boundary)")


def test_a_temporary_table_stands_for_none_of_ours(
    loaded: Engine, cells: Mapping[str, Any]
) -> None:
    swapped = [statement.replace(" boundary", " public.boundary") for statement in CLOSE]
    swapped[1] = swapped[1].replace("({g1}, {other}), ", "")
    with loaded.connect() as connection, connection.begin() as outer:
        for name in ("boundary", "community", "district", "grid", "issue"):
            connection.exec_driver_sql(f"create temp table {name} (like public.{name})")
        given = {**cells, "at": "now()"}
        with pytest.raises(DBAPIError, match=r"open|overlaps|no more"):
            tried(connection, given, *swapped)
        outer.rollback()


@pytest.mark.parametrize("at", ["'2026-06-01'", "now() - interval '1 second'", "'2030-01-01'"])
def test_the_ground_changes_at_present_alone(
    web: Connection, cells: Mapping[str, Any], at: str
) -> None:
    with pytest.raises(DBAPIError, match="at present"):
        tried(web, {**cells, "at": at}, *CLOSE)


def test_a_change_leaves_no_gap_between_two_moments(
    web: Connection, cells: Mapping[str, Any]
) -> None:
    ended, begun = CLOSE
    with pytest.raises(DBAPIError, match="of one moment"):
        tried(
            web,
            cells,
            ended.replace("{at}", "now()"),
            begun.replace("{at}", "clock_timestamp()"),
        )


def test_the_ground_changes_by_a_plan_alone(web: Connection, cells: Mapping[str, Any]) -> None:
    with pytest.raises(DBAPIError, match="by no plan"):
        tried(web, {**cells, "at": "now()"}, *CLOSE)


REWRITTEN = [
    "delete from boundary where id = {one}",
    "update boundary set plan_id = null",
    (
        "update district set shape = ST_Multi(ST_Difference(shape, (select {box} from boundary"
        " where id = {one})))"
    ),
    (
        "update community set shape = ST_Multi(ST_Difference(shape, (select {box} from boundary"
        " where id = {one}))) where code = '610902001003'"
    ),
    (
        "update street set shape = ST_Multi(ST_Difference(shape, (select {box} from boundary"
        " where id = {one}))) where code = '610902001'"
    ),
    "update community set shape = null where code = '610902001003'",
    "update district set revision = -1",
    "update community set street_code = '610902002' where code = '610902001003'",
    (
        "insert into district (code, name, name_en, shape) select '999999', 'x', 'x', shape"
        " from district"
    ),
    "delete from community",
]


@pytest.mark.parametrize("statement", REWRITTEN)
def test_no_ground_goes_by_moving_the_outlines(
    web: Connection, cells: Mapping[str, Any], statement: str
) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|stays where it is|only goes up"):
        tried(web, {**cells, "box": BOX}, statement)


SIDE = (
    "ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 0.5, 1 1, 0 1, 0 0)))', 4326)",
    "ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, {x} 0.5, 1 1, 0 1, 0 0)))', 4326)",
)


@pytest.mark.parametrize(("steps", "narrow"), [(0, True), (1, True), (-1, True), (4, False)])
def test_a_vertex_moves_an_outline_by_a_step_and_no_more(
    loaded: Engine, steps: int, narrow: bool
) -> None:
    one, other = SIDE[0], SIDE[1].format(x=1 + steps * 2**-23)
    with loaded.connect() as connection:
        for pair in (f"{one}, {other}", f"{other}, ST_Reverse({one})"):
            told = connection.exec_driver_sql(f"select is_narrow({pair})").scalar()
            assert told is narrow


def test_slits_side_by_side_are_no_outline_kept(loaded: Engine) -> None:
    """Each is narrower than two steps; together they are half the ground that they stand on."""
    comb = """
        with square as (select ST_MakeEnvelope(109, 32, 109 + 2 ^ -12, 32 + 2 ^ -12) as one)
        select is_narrow(one, ST_Difference(one, (
            select ST_Union(ST_MakeEnvelope(
                109 + 2 ^ -14 + n * 2 ^ -22, 32 + 2 ^ -14,
                109 + 2 ^ -14 + n * 2 ^ -22 + 2 ^ -23, 32 + 2 ^ -13))
            from generate_series(1, 20) as n))) from square
    """
    with loaded.connect() as connection:
        assert connection.exec_driver_sql(comb).scalar() is False


OVER = [
    "update redraw_plan set author = 'x' where state = 'published'",
    "update redraw_plan set published_by = 'x' where state = 'published'",
    "update redraw_plan set published_at = '2025-01-01' where state = 'published'",
    "update redraw_plan set state = 'draft', published_at = null where state = 'published'",
    "delete from redraw_plan where state = 'published'",
    (
        "update redraw_plan set state = 'published', published_at = now(), published_by = 'x'"
        " where state = 'draft'"
    ),
    (
        "insert into redraw_plan (community_code, name, state, author, base, created_at,"
        " changed_at, published_at, published_by) values ('610902001003', 'x', 'published', 'a',"
        " '{{}}', now(), now(), now(), 'b')"
    ),
    (
        "insert into redraw_step (plan_id, position, intent, author, at)"
        " select id, 9, '{{}}', 'a', now() from redraw_plan where state = 'published'"
    ),
    (
        "insert into redraw_move (plan_id, at, actor, move, state)"
        " select id, now(), 'a', 'publish', 'published' from redraw_plan"
    ),
    (
        "insert into grid_lineage (plan_id, parent_id, child_id, area_share, household_share)"
        " select id, {g1}, {g2}, 0.5, 0.5 from redraw_plan"
    ),
    (
        "insert into issue_event (issue_id, at, actor, kind, status)"
        " select min(id), '2020-01-01', 'a', 'closed', 'closed' from issue"
    ),
    "delete from notice",
    "update notice set detail = '[]'",
    (
        "insert into notice (worker_id, kind, at, detail)"
        " select min(id), 'redraw', '2020-01-01', '{{}}' from grid_worker"
    ),
    "delete from grid_lock",
    "update grid_lock set reason = 'y'",
    "update grid_lock set released_by = 'y'",
    "update grid set retired_at = '2020-01-01' where id = {g1}",
    "update grid set retired_at = now() where id = {g1}",
    "update grid set kind = 'dedicated' where id = {g1}",
    "insert into grid (code, community_code, name) values ('610902001003998', '610902001003', 'x')",
    "update issue set grid_id = {g1}, boundary_id = {one} where not is_open and grid_id <> {g1}",
    "update issue set closed_at = '2030-01-01' where not is_open",
    "update issue set reported_at = '2000-01-01'",
    "delete from issue",
    "update issue set grid_id = null, boundary_id = null, rule = 'none' where is_open",
    (
        "update issue set grid_id = {g1}, boundary_id = {one}, rule = 'covers'"
        " where is_open and place is not null and grid_id <> {g1}"
    ),
    "delete from building",
    (
        "update issue set status = 'reworked', closed_at = null, grid_id = {g1},"
        " boundary_id = {one}, rule = 'passed' where not is_open and grid_id <> {g1}"
    ),
    "update issue set status = 'reworked', closed_at = null where not is_open",
    (
        "update issue set status = 'closed', closed_at = now(), grid_id = {g1},"
        " boundary_id = {one}, rule = 'covers' where is_open and grid_id <> {g1}"
    ),
    "update issue set status = 'closed', closed_at = '2026-01-01' where is_open",
    "update issue set place = null where is_open and place is not null",
    (
        "update issue set status = 'closed', closed_at = now(), grid_id = null,"
        " boundary_id = null, rule = 'none' where is_open and place is not null"
    ),
    (
        "insert into issue (channel, ticket, category_id, text, place, precision, status, rule,"
        " reported_at) select channel, ticket || 'x', category_id, text, place, precision,"
        " 'reported', 'none', now() from issue where rule = 'covers' limit 1"
    ),
    "delete from post",
    "update post set worker_id = worker_id + 1",
    "update post set during = tstzrange('2001-01-01', upper(during))",
    "update building set grid_id = {g1} where grid_id <> {g1}",
    "update building set grid_id = null",
    "update building set community_code = '610902001004' where grid_id = {g1}",
]


@pytest.mark.parametrize("statement", OVER)
def test_what_is_over_stays_as_it_was(
    web: Connection, cells: Mapping[str, Any], statement: str
) -> None:
    refused = r"permission denied|stays|no such move|comes from|history|happens now|once"
    grids = r"|while it|at present|still has|begins as a draft|lies elsewhere|without any"
    with pytest.raises(DBAPIError, match=refused + grids):
        tried(web, cells, statement)


def test_shares_are_shares(loaded: Engine, cells: Mapping[str, Any]) -> None:
    invented = (
        "insert into grid_lineage (plan_id, parent_id, child_id, area_share, household_share)"
        " select max(id), {g1}, {g2}, 7, -3 from redraw_plan"
    )
    with loaded.connect() as connection:
        connection.exec_driver_sql(PAST[0].format())
        with pytest.raises(DBAPIError, match="share_of_one"):
            tried(connection, cells, invented)
