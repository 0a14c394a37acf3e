"""Whatever the guards name is ours, and no temporary table of somebody else's."""

from pathlib import Path

from alembic import op

revision = "0280"
down_revision = "0263"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def _run(name: str) -> None:
    """Run a file of statements as it stands, without looking for parameters in it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    _run("0280_paths.sql")


def downgrade() -> None:
    _run("0280_undone.sql")
