"""What the web's lesser role may do: change what people change, add to what is only added to."""

from typing import Final, LiteralString

from psycopg import sql
from sqlalchemy import Connection, Engine, text

from geodata.db.tables import metadata

ADDED_TO: Final = (
    *("audit_entry", "contact", "grid_lineage", "ground_change", "issue_event"),
    *("issue_joiner", "redraw_move"),
)
"""Tables in which the web's role changes and deletes nothing."""

READ: Final = ("issue_before", "issue_day", "issue_kept")
"""Tables that the web's role does not write to; triggers and the worker do."""

_ENTER: Final = (
    "grant select, insert (actor, account_id, action, subject_kind, subject_id, result, source,"
    " detail) on {table} to {role}"
)
"""All that a writer of the audit trail says; the rest is the database's own."""

_READ: Final = "grant select on {table} to {role}"
_ADD: Final = "grant select, insert on {table} to {role}"
_WITHDRAW: Final = "grant select, insert, update (withdrawn_at, withdrawn_by) on {table} to {role}"
"""What was made known is never rewritten nor erased."""

_CHANGE: Final = "grant select, insert, update, delete on {table} to {role}"


def exists(connection: Connection, role: str) -> bool:
    """Whether there is such a role."""
    found = text("select 1 from pg_roles where rolname = :role")
    return connection.scalar(found, {"role": role}) is not None


def create(connection: Connection, role: str) -> None:
    """Make a role that may log in and owns nothing; without a password."""
    _run(connection, "create role {role} login", role)


def grant(engine: Engine, role: str) -> None:
    """Give a role what the web needs of our tables, and take from it what it does not."""
    with engine.begin() as connection:
        _run(connection, "grant usage on schema public to {role}", role)
        _run(connection, "grant usage on all sequences in schema public to {role}", role)
        _run(connection, "grant select on alembic_version to {role}", role)
        for name in metadata.tables:
            _run(connection, "revoke all on {table} from {role}", role, name)
            _run(connection, _granted(name), role, name)


def _granted(table: str) -> LiteralString:
    """The statement that gives the web its rights on a table."""
    if table == "audit_entry":
        return _ENTER
    if table == "bulletin":
        return _WITHDRAW
    if table in READ:
        return _READ
    return _ADD if table in ADDED_TO else _CHANGE


def _run(connection: Connection, statement: LiteralString, role: str, table: str = "none") -> None:
    names = {"role": sql.Identifier(role), "table": sql.Identifier(table)}
    composed = sql.SQL(statement).format(**names)
    connection.exec_driver_sql(composed.as_string(None))
