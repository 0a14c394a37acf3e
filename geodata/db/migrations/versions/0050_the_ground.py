"""The ground of who asks: row-level security, who sent a file in, and indexes that tell it."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0032"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0050_ground.sql"
POLICIES = {
    "issue": "ground",
    "issue_event": "ground",
    "contact": "ground",
    "import_job": "sender",
    "refused_row": "sender",
    "load_job": "sender",
    "load_row": "sender",
    "load_note": "sender",
}
LOAD = ["due_at", "reported_at", "community_code"]
WAITING = ["due_at", "is_open"]
TELLING = ["community_code", "public_id"]


def _index(waiting: list[str], load: list[str]) -> None:
    op.drop_index("ix_issue_waiting", table_name="issue")
    op.drop_index("ix_issue_load", table_name="issue")
    op.create_index(
        "ix_issue_waiting",
        "issue",
        ["grid_id", "category_id", "level"],
        postgresql_where=sa.text("is_open"),
        postgresql_include=waiting,
    )
    op.create_index(
        "ix_issue_load",
        "issue",
        ["grid_id", "is_open", "category_id", "level"],
        postgresql_include=load,
    )


def upgrade() -> None:
    for table in ("import_job", "load_job"):
        op.add_column(
            table,
            sa.Column(
                "senders",
                postgresql.ARRAY(sa.Integer()),
                server_default="{}",
                nullable=False,
                comment="accounts that sent this file in",
            ),
        )
    _index([*WAITING, *TELLING], [*LOAD, "public_id"])
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def downgrade() -> None:
    for table, name in POLICIES.items():
        op.execute(f"drop policy {table}_{name} on {table}")
        op.execute(f"alter table {table} disable row level security")
    _index(WAITING, LOAD)
    for table in ("load_job", "import_job"):
        op.drop_column(table, "senders")
