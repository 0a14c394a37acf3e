"""How often a plan was to be published on its day, so that one that always breaks is given up."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "redraw_plan",
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="to publish it on its day",
        ),
    )


def downgrade() -> None:
    op.drop_column("redraw_plan", "attempts")
