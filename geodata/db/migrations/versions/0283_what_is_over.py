"""What is over stays as it was: plans, their steps, grids, locks, notices, issues that are closed."""

from pathlib import Path

from alembic import op

revision = "0283"
down_revision = "0282"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
SHARES = ("area_share", "household_share")


def _run(name: str) -> None:
    """Run a file of statements as it stands, without looking for parameters in it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    _run("0283_kept.sql")
    for share in SHARES:
        op.create_check_constraint(
            op.f(f"ck_grid_lineage_{share}_of_one"),
            "grid_lineage",
            f"{share} between -1e-9 and 1 + 1e-9",
        )


def downgrade() -> None:
    for share in SHARES:
        op.drop_constraint(op.f(f"ck_grid_lineage_{share}_of_one"), "grid_lineage")
    _run("0283_undone.sql")
