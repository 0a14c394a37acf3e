"""Extensions, and the check that every stored shape is sound."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def _run(name: str) -> None:
    """Run a file of statements as it stands, without looking for parameters in it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    for name in ("postgis", "btree_gist", "pg_trgm"):
        op.execute(f"create extension if not exists {name}")
    _run("0001_sound_shape.sql")


def downgrade() -> None:
    op.execute("drop function sound_shape(geometry)")
