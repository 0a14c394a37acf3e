"""The notes of who wrote to the ground can stand together, with how many they are."""

import sqlalchemy as sa
from alembic import op

revision = "0263"
down_revision = "0262"
branch_labels = None
depends_on = None


def upgrade() -> None:
    written = sa.Column(
        "written", sa.BigInteger(), server_default="1", nullable=False, comment="transactions"
    )
    op.add_column("ground_change", written)


def downgrade() -> None:
    op.drop_column("ground_change", "written")
