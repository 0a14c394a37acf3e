"""Visits to grids: who was where, on which day."""

import sqlalchemy as sa
from alembic import op

revision = "0390"
down_revision = "0380"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grid_visit",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="as late on that day as known",
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False, comment="who says so"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_grid_visit_account_id_account")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_grid_visit_grid_id_grid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_visit")),
        sa.UniqueConstraint(
            "grid_id", "day", "account_id", name=op.f("uq_grid_visit_grid_id_day_account_id")
        ),
        comment="走访",
    )
    op.create_index("ix_grid_visit_grid_id_at", "grid_visit", ["grid_id", "at"])


def downgrade() -> None:
    op.drop_table("grid_visit")
