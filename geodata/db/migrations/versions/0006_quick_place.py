"""The rule of assignment, told so that one place costs little; its answers are as before."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
SIGNATURE = "grid_at(geometry, timestamptz, double precision)"


def _statements(name: str, start: str = "") -> str:
    """The statements of a file, from the one that begins with `start`."""
    text = (SQL / name).read_text("utf-8")
    return text[text.index(start) :]


def _run(statements: str) -> None:
    """Run statements as they stand, without looking for parameters in them."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(statements)


def upgrade() -> None:
    op.execute(f"drop function {SIGNATURE}")
    _run(_statements("0006_quick_place.sql"))


def downgrade() -> None:
    op.execute(f"drop function {SIGNATURE}")
    op.execute("drop type assignment")
    _run(_statements("0003_grid_at.sql", "create function grid_at"))
    place_issue = _statements("0003_guard.sql", "create function place_issue")
    place_issue = place_issue[: place_issue.index("create trigger issue_place")]
    _run(place_issue.replace("create function", "create or replace function", 1))
