"""When whoever draws plans has last read what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0300"
down_revision = "0284"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_reading",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_plan_reading_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_plan_reading")),
        comment="方案动态已读",
    )


def downgrade() -> None:
    op.drop_table("plan_reading")
