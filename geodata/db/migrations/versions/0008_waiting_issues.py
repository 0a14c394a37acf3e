"""Whole districts at a glance: label points kept, waiting issues by grid, closed ones counted."""

from pathlib import Path

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0008_closed_tally.sql"
TRIGGERS = ("insert", "delete", "update")


def upgrade() -> None:
    point = geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)
    kept = sa.Computed("ST_PointOnSurface(shape)", persisted=True)
    op.add_column("boundary", sa.Column("label", point, kept))
    op.create_index(
        "ix_issue_waiting",
        "issue",
        ["grid_id", "category_id", "level"],
        postgresql_where=sa.text("is_open"),
        postgresql_include=["due_at", "is_open"],
    )
    op.create_table(
        "closed_tally",
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True, comment="null counts all categories"),
        sa.Column("added", sa.Integer(), nullable=False, comment="closed issues more, or fewer"),
        comment="已办结计数",
    )
    op.create_index("ix_closed_tally_category_id", "closed_tally", ["category_id"])
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def downgrade() -> None:
    for trigger in TRIGGERS:
        op.execute(f"drop trigger issue_tally_{trigger} on issue")
    for function in ("fold_closed_tally", "tally_closed"):
        op.execute(f"drop function {function}()")
    op.drop_table("closed_tally")
    op.drop_index("ix_issue_waiting", table_name="issue")
    op.drop_column("boundary", "label")
