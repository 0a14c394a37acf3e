"""Lists, map and counts of the desk cost as little where issues are a million as where they are few.

Closed ones are counted by how they ended and by channel too. What row-level security asks of an
issue stands in the indexes that are to answer alone, so that none of its rows is looked at.
Departments and what ended otherwise than settled have the orders of lists that all others have.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0240"
down_revision = "0230"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
TALLY = "ix_closed_tally_category_id"
OPEN, HANDED = "is_open", "handler is not null"
ENDED = "status in ('rejected', 'void')"
BEFORE = ["due_at", "is_open", "community_code", "public_id"]
WAITING = [*BEFORE, "reported_at", "place"]
LOAD = ["due_at", "reported_at", "community_code", "public_id"]
ESCALATED = ["place", "grid_id", "community_code", "public_id", "category_id", "due_at", "is_open"]
BEARING = {
    "ix_issue_waiting": (
        ["grid_id", "category_id", "level"],
        OPEN,
        WAITING,
        [*WAITING, "handler", "channel", "status"],
    ),
    "ix_issue_load": (
        ["grid_id", "is_open", "category_id", "level"],
        None,
        LOAD,
        [*LOAD, "handler"],
    ),
    "ix_issue_escalated": (
        ["reported_at", "id"],
        "is_open and level <> 'grid'",
        ESCALATED,
        [*ESCALATED, "handler"],
    ),
    "ix_issue_handler": (
        ["handler", "reported_at", "id"],
        HANDED,
        None,
        [
            *("place", "grid_id", "community_code", "public_id", "due_at", "is_open", "level"),
            *("category_id", "channel", "status"),
        ],
    ),
}
"""By name: columns, condition, and what each entry bears besides, before and after."""

ORDERS = {
    "ix_issue_handler_category": (["handler", "category_id", "reported_at", "id"], HANDED),
    "ix_issue_handler_grid": (["handler", "grid_id", "reported_at", "id"], HANDED),
    "ix_issue_handler_due": (["handler", "due_at", "id"], f"{OPEN} and {HANDED}"),
    "ix_issue_ended_category": (["status", "category_id", "reported_at", "id"], ENDED),
    "ix_issue_ended_grid": (["status", "grid_id", "reported_at", "id"], ENDED),
}


def _run(name: str) -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    op.drop_index(TALLY, table_name="closed_tally")
    op.execute("delete from closed_tally")
    channel = sa.Column("channel", sa.Text(), comment="null counts all channels; no row has both")
    op.add_column("closed_tally", channel)
    op.add_column(
        "closed_tally", sa.Column("status", sa.Text(), nullable=False, comment="how they ended")
    )
    _run("0240_tally.sql")
    op.create_index(TALLY, "closed_tally", ["category_id", "channel", "grid_id"])
    for name, (columns, condition, _, bears) in BEARING.items():
        _make_anew(name, columns, condition, bears)
    for name, (columns, condition) in ORDERS.items():
        op.create_index(name, "issue", columns, postgresql_where=sa.text(condition))


def downgrade() -> None:
    for name in ORDERS:
        op.drop_index(name, table_name="issue")
    for name, (columns, condition, bears, _) in BEARING.items():
        _make_anew(name, columns, condition, bears)
    op.drop_index(TALLY, table_name="closed_tally")
    op.execute("delete from closed_tally where channel is not null")
    op.drop_column("closed_tally", "status")
    op.drop_column("closed_tally", "channel")
    _run("0240_undone.sql")
    op.execute("select fold_closed_tally()")
    op.create_index(TALLY, "closed_tally", ["category_id"])


def _make_anew(
    name: str, columns: list[str], condition: str | None, bears: list[str] | None
) -> None:
    op.drop_index(name, table_name="issue")
    where = sa.text(condition) if condition else None
    op.create_index(name, "issue", columns, postgresql_where=where, postgresql_include=bears)
