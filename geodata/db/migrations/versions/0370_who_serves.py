"""Who writes to posts, workers and party groups is noted, as who writes to the ground."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0370"
down_revision = "0331"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0370_served.sql"
NOTED = ("grid_worker", "joint_group", "party_org", "post")


def upgrade() -> None:
    op.create_table(
        "service_change",
        sa.Column("written_by", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "written", sa.BigInteger(), server_default="1", nullable=False, comment="transactions"
        ),
        sa.PrimaryKeyConstraint("written_by", name=op.f("pk_service_change")),
        comment="谁动过岗位与党小组",
    )
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def downgrade() -> None:
    for table in NOTED:
        op.execute(f"drop trigger {table}_noted on {table}")
    op.execute("drop function note_serving()")
    op.drop_table("service_change")
