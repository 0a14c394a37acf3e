"""The web's lesser role changes the ground at present, by a plan, and moves no outline."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0281"
down_revision = "0280"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def _run(name: str) -> None:
    """Run a file of statements as it stands, without looking for parameters in it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    at, whole = (
        "of the last boundary that a lesser role ended or began",
        "whether the ground was filled after that",
    )
    op.add_column("ground_change", sa.Column("at", sa.DateTime(timezone=True), comment=at))
    op.add_column("ground_change", sa.Column("whole", sa.Boolean(), comment=whole))
    _run("0281_present.sql")


def downgrade() -> None:
    _run("0281_undone.sql")
    op.drop_column("ground_change", "whole")
    op.drop_column("ground_change", "at")
