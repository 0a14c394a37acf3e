"""No number of a person is found by its pieces; issues that ended otherwise have their index."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0230"
down_revision = "0221"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
INDEX = "ix_issue_ended"


def _run(name: str) -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    op.create_index(
        INDEX,
        "issue",
        ["status", "reported_at", "id"],
        postgresql_where=sa.text("status in ('rejected', 'void')"),
    )
    _run("0230_words.sql")


def downgrade() -> None:
    _run("0230_undone.sql")
    op.drop_index(INDEX, table_name="issue")
