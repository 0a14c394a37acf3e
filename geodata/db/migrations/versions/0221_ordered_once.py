"""A schedule remembers what it ordered last, so that a report thrown away stays away."""

import sqlalchemy as sa
from alembic import op

revision = "0221"
down_revision = "0220"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "coverage_schedule",
        sa.Column(
            "made", sa.Text(), nullable=True, comment="the last week or month that it ordered"
        ),
    )


def downgrade() -> None:
    op.drop_column("coverage_schedule", "made")
