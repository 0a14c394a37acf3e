"""A district in a database of its own, grown from a thousand issues to as many as are wanted."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from geodata.db import grants, schema
from geodata.db.engine import make_engine
from geodata.demo import Options, generate
from geodata.services import demo
from scripts.setup import cluster
from webmap.config import with_driver

FEW: Final = 1000
"""Issues to begin with."""

RARE: Final = "银杏"
"""Stands in one of `ONE_IN` texts of those that are added."""

ONE_IN: Final = 20_000

_INDEXES: Final = """
    select indexname, indexdef from pg_indexes i where tablename = 'issue' and not exists
        (select from pg_constraint where conname = i.indexname)
"""

# Each is an earlier one at another door, up to three years before, by the clock of its own day. A
# third of what is closed was a department's, one in forty ended otherwise than settled, one in
# nineteen has no place.
_GROWN: Final = """
    with home as (
        select row_number() over (order by md5(building.id::text)) - 1 as row, building.address,
            door, grid_id, community_code, boundary.id as boundary_id
        from building join boundary using (grid_id) where upper_inf(valid)
    ), one as (
        select row_number() over (order by id) - 1 as row, issue.* from issue where id <= :few
    ), told as (
        select n, n % 19 > 0 as placed, make_interval(days => (turn * 7919 + n % :few * 31) % 1000,
            secs => n % 3600) as ago, (n * 31 + turn) % (select count(*) from home) as home
        from generate_series(1, :more) n, lateral (select n / :few as turn) t
    )
    insert into issue (channel, ticket, category_id, text, address, place, precision, status, level,
        community_code, grid_id, boundary_id, rule, border_m, reported_at, due_at, closed_at,
        handler, supervision)
    select case n % 11 when 0 then 'worker' else one.channel end, 'G' || n, one.category_id,
        case when n % :one_in = 0 then '院里银杏树倒了' else one.text end || n % 97, home.address,
        case when placed then home.door end, case when placed then 'door' else 'none' end,
        case when one.is_open or n % 41 > 0 then one.status
            when n % 123 > 0 then 'void' else 'rejected' end,
        one.level, case when placed or n % 3 = 0 then home.community_code end,
        case when placed then home.grid_id end, case when placed then home.boundary_id end,
        case when placed then 'covers' else 'none' end, case when placed then 20 end,
        one.reported_at - ago, case when one.is_open then one.due_at else one.due_at - ago end,
        one.closed_at - ago, case when one.is_open then one.handler
            when n % 3 = 0 then kind.department end,
        case when one.is_open and n % 53 = 0 then 'yellow' end
    from told join one on one.row = n % :few
    join issue_category kind on kind.id = one.category_id
    join home on home.row = told.home
"""


_SMALL: Final = Options(issues=FEW)


@contextmanager
def district(role: str, options: Options = _SMALL) -> Iterator[Engine]:
    """A small district in a new database, and a lesser role on it; both are gone at the end."""
    url = make_url(with_driver(cluster.database_url()))
    name = f"wangge_bench_{uuid4().hex[:8]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
        if not grants.exists(connection, role):
            grants.create(connection, role)
    engine = make_engine(url.set(database=name).render_as_string(hide_password=False), web=False)
    try:
        schema.upgrade(engine)
        with Session(engine) as session:
            demo.load(session, generate(replace(options, now=datetime.now(UTC))))
            session.commit()
        grants.grant(engine, role)
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f'drop database "{name}" with (force)'))
            with suppress(ProgrammingError):
                connection.execute(text(f'drop role "{role}"'))
        admin.dispose()


def grow(engine: Engine, count: int) -> None:
    """Add issues up to `count`; indexes are made anew afterwards, which is quicker."""
    given = {"few": FEW, "more": max(count - FEW, 0), "one_in": ONE_IN}
    with engine.begin() as connection:
        indexes = list(connection.execute(text(_INDEXES)))
        for name, _ in indexes:
            connection.execute(text(f'drop index "{name}"'))
        connection.execute(text("alter table issue disable trigger user"))
        connection.execute(text(_GROWN), given)
        connection.execute(text("alter table issue enable trigger user"))
        _index(connection, [made for _, made in indexes])
        connection.execute(text("select count_closed()"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze issue"))
        connection.execute(text("vacuum analyze closed_tally"))


def _index(connection: Connection, made: list[str]) -> None:
    connection.execute(text("set local maintenance_work_mem = '512MB'"))
    for statement in made:
        connection.execute(text(statement))
