"""What the web's lesser role may do: change what people change, add to what is only added to."""

from typing import Final, LiteralString

from psycopg import sql
from sqlalchemy import Connection, Engine, text

from geodata.db.tables import metadata

ADDED_TO: Final = (
    *("audit_entry", "contact", "grid_lineage", "issue_event", "issue_joiner", "redraw_move"),
)
"""Tables in which the web's role changes and deletes nothing."""

READ: Final = ("ground_change", "issue_before", "issue_day", "issue_kept", "service_change")
"""Tables that the web's role does not write to; triggers and the worker do."""

_READ: Final = "grant select on {table} to {role}"
_ADD: Final = "grant select, insert on {table} to {role}"
_CHANGE: Final = "grant select, insert, update, delete on {table} to {role}"
_KEEP: Final = "grant select, insert, update on {table} to {role}"

_SPECIAL: Final[dict[str, LiteralString]] = {
    # all that a writer of the audit trail says; the rest is the database's own
    "audit_entry": (
        "grant select, insert (actor, account_id, action, subject_kind, subject_id, result,"
        " source, detail) on {table} to {role}"
    ),
    # what was made known is never rewritten nor erased
    "bulletin": "grant select, insert, update (withdrawn_at, withdrawn_by) on {table} to {role}",
    # areas are loaded; of what a plan does to them see migration 0281
    "district": (
        "grant select, update (shape, revision, norm_households, band_low, band_high, walk_m)"
        " on {table} to {role}"
    ),
    "street": "grant select, update (shape) on {table} to {role}",
    "community": "grant select, update (shape, revision) on {table} to {role}",
    # grids and boundaries begin and end, and are what they are
    "grid": "grant select, insert, update (retired_at) on {table} to {role}",
    "boundary": "grant select, insert, update (valid) on {table} to {role}",
    # what stands on the ground is loaded; grids and party groups change hands
    "building": (
        "grant select, update (grid_id, community_code, party_group_id) on {table} to {role}"
    ),
    # a post ends, and one that is to come is taken back
    "post": "grant select, insert, delete, update (during) on {table} to {role}",
    "grid_visit": "grant select, insert, update (note, at) on {table} to {role}",
    # nothing is erased, and of what was said only that it was seen or is over is written
    "grid_lock": "grant select, insert, update (released_at, released_by) on {table} to {role}",
    "notice": "grant select, insert, update (seen_at) on {table} to {role}",
    "redraw_plan": _KEEP,
    "issue": _KEEP,
}


def exists(connection: Connection, role: str) -> bool:
    """Whether there is such a role."""
    found = text("select 1 from pg_roles where rolname = :role")
    return connection.scalar(found, {"role": role}) is not None


def create(connection: Connection, role: str) -> None:
    """Make a role that may log in and owns nothing; without a password."""
    _run(connection, "create role {role} login", role)


def grant(engine: Engine, role: str) -> None:
    """Give a role what the web needs of our tables, and take from it what it does not."""
    here = str(engine.url.database)
    with engine.begin() as connection:
        _run(connection, "revoke temporary on database {table} from public, {role}", role, here)
        _run(connection, "grant usage on schema public to {role}", role)
        _run(connection, "grant usage on all sequences in schema public to {role}", role)
        _run(connection, "grant select on alembic_version to {role}", role)
        for name in metadata.tables:
            _run(connection, "revoke all on {table} from {role}", role, name)
            _run(connection, _granted(name), role, name)


def _granted(table: str) -> LiteralString:
    """The statement that gives the web its rights on a table."""
    if table in READ:
        return _READ
    return _SPECIAL.get(table, _ADD if table in ADDED_TO else _CHANGE)


def _run(connection: Connection, statement: LiteralString, role: str, table: str = "none") -> None:
    names = {"role": sql.Identifier(role), "table": sql.Identifier(table)}
    composed = sql.SQL(statement).format(**names)
    connection.exec_driver_sql(composed.as_string(None))
