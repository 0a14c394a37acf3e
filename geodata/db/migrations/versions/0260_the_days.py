"""What is counted of issues is kept by day; what changed since is noted as it stood before."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0260"
down_revision = "0251"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0260_days.sql"
COUNTS = (
    *("reported", "due", "in_time", "closed", "closed_in_time", "reworked", "late"),
    *("handled", "hours", "hours_squared", "rated", "content"),
)
TRIGGERS = {
    "issue": ("issue_days_insert", "issue_days_delete", "issue_days_update"),
    "issue_event": ("issue_event_days",),
}


def upgrade() -> None:
    _days()
    _before()
    _kept()
    closed = sa.text("closed_at is not null")
    op.create_index("ix_issue_closed_day", "issue", ["closed_at"], postgresql_where=closed)
    done = sa.text("status = 'handled'")
    op.create_index("ix_issue_event_done", "issue_event", ["at"], postgresql_where=done)
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def downgrade() -> None:
    for table, names in TRIGGERS.items():
        for name in names:
            op.execute(f"drop trigger {name} on {table}")
    op.execute("drop function remember_issue()")
    op.execute("drop function remember_handling()")
    op.drop_index("ix_issue_event_done", table_name="issue_event")
    op.drop_index("ix_issue_closed_day", table_name="issue")
    for table in ("issue_kept", "issue_before", "issue_day"):
        op.drop_table(table)


def _days() -> None:
    op.create_table(
        "issue_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False, comment="empty: in none"),
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint(
            "day", "community_code", "category_id", "channel", name=op.f("pk_issue_day")
        ),
        comment="按日诉求数据",
    )


def _before() -> None:
    op.create_table(
        "issue_before",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            for name in ("reported_at", "due_at", "closed_at")
        ),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("status", "satisfaction", "community_code")
        ),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reworked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_before")),
        comment="诉求改动前",
    )
    op.create_index("ix_issue_before_issue_id", "issue_before", ["issue_id", "id"])


def _kept() -> None:
    op.create_table(
        "issue_kept",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("begun", sa.BigInteger(), nullable=False, comment="by this transaction"),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of what is counted"),
        sa.Column("until", sa.Date(), nullable=True, comment="the days before are kept"),
        sa.CheckConstraint("single", name=op.f("ck_issue_kept_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_issue_kept")),
        comment="按日数据的界限",
    )
