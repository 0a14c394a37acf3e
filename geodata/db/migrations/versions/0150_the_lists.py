"""The lists of the desk: words found in issues, orders, what a department sees, pauses that end."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0150"
down_revision = "0120"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
ORDERS = {
    "ix_issue_open_category": (("category_id", "reported_at", "id"), "is_open"),
    "ix_issue_open_grid": (("grid_id", "reported_at", "id"), "is_open"),
    "ix_issue_open_status": (("status", "reported_at", "id"), "is_open"),
    "ix_issue_handler": (("handler", "reported_at", "id"), "handler is not null"),
    "ix_issue_supervised": (("reported_at", "id"), "supervision is not null and is_open"),
    "ix_issue_resume": (("resume_by",), "status = 'suspended' and resume_by is not null"),
}


def _run(name: str) -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column(
            "department", sa.Text(), nullable=True, comment="处置部门 to which the person belongs"
        ),
    )
    for name, (columns, where) in ORDERS.items():
        op.create_index(name, "issue", list(columns), postgresql_where=sa.text(where))
    _run("0150_desk.sql")


def downgrade() -> None:
    _run("0150_undone.sql")
    for name in ORDERS:
        op.drop_index(name, table_name="issue")
    op.drop_column("account", "department")
