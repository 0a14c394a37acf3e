"""Reports of coverage and their schedules are seen on the ground that they tell of."""

from pathlib import Path

from alembic import op

revision = "0262"
down_revision = "0261"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0262_reports.sql"
TABLES = ("coverage_schedule", "coverage_report_file", "coverage_report")


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop policy {table}_ground on {table}")
        op.execute(f"alter table {table} disable row level security")
    op.execute("drop function ground_told(jsonb)")
