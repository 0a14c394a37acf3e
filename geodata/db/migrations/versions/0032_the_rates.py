"""Counts of requests, for all processes of the web together."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_count",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, comment="a digest, no address"),
        sa.Column(
            "slot", sa.BigInteger(), autoincrement=False, nullable=False, comment="its end, epoch s"
        ),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "who", "slot", name=op.f("pk_rate_count")),
        prefixes=["UNLOGGED"],
        comment="请求计数",
    )


def downgrade() -> None:
    op.drop_table("rate_count")
