"""Issues, posts and buildings are where they are, whatever the web's lesser role says."""

from pathlib import Path

from alembic import op

revision = "0330"
down_revision = "0320"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def _run(name: str) -> None:
    """Run a file of statements as it stands, without looking for parameters in it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    _run("0330_places.sql")


def downgrade() -> None:
    _run("0330_undone.sql")
