"""Who writes to the ground is noted; what was done about issues is read from an index alone."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0220"
down_revision = "0200"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0220_standing.sql"
NOTED = ("boundary", "building", "place", "resident_unit")


def upgrade() -> None:
    op.create_table(
        "ground_change",
        sa.Column("written_by", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("written_by", name=op.f("pk_ground_change")),
        comment="谁动过地面",
    )
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))
    op.create_index(
        "ix_issue_event_worked",
        "issue_event",
        ["issue_id"],
        postgresql_include=["status", "at"],
        postgresql_where=sa.text("status in ('handled', 'reworked')"),
    )


def downgrade() -> None:
    op.drop_index("ix_issue_event_worked", "issue_event")
    for table in NOTED:
        op.execute(f"drop trigger {table}_noted on {table}")
    op.execute("drop function note_standing()")
    op.drop_table("ground_change")
