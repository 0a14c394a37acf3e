"""The figures of a day know who served several grids, so that each is counted once in an area."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0380"
down_revision = "0370"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0380_shared.sql"


def upgrade() -> None:
    op.execute(sa.text(SQL.read_text("utf-8")))


def downgrade() -> None:
    op.execute("update coverage_figures set grids = grids - 'shared' where grids ? 'shared'")
