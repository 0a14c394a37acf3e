"""Residents of a community from an index alone: a district's total reads no building."""

from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = "ix_building_community_code"


def upgrade() -> None:
    op.drop_index(NAME, table_name="building")
    op.create_index(NAME, "building", ["community_code"], postgresql_include=["residents"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="building")
    op.create_index(NAME, "building", ["community_code"])
