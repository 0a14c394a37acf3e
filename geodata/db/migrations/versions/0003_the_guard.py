"""The rule of assignment, the lock of the ground, and the guard of its partition."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"

TRIGGERS = {
    "boundary": (
        "boundary_lock",
        "boundary_bump_insert",
        "boundary_bump_update",
        "boundary_bump_delete",
        "boundary_no_truncate",
        "boundary_no_overlap",
    ),
    "district": ("district_filled",),
    "issue": ("issue_place", "issue_moved"),
    "issue_event": ("issue_event_append_only", "issue_event_no_truncate"),
}

FUNCTIONS = (
    "place_issue()",
    "refuse_change()",
    "check_filled()",
    "check_overlap()",
    "bump_revision()",
    "lock_boundary()",
    "grid_at(geometry, timestamptz, double precision)",
    "lock_ground_shared()",
    "lock_ground(text)",
    "district_of(integer)",
    "metres_per_degree(double precision)",
)


def _run(name: str) -> None:
    """Run a file of statements as it stands, without looking for parameters in it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    for name in ("0003_grid_at.sql", "0003_guard.sql"):
        _run(name)


def downgrade() -> None:
    for table, triggers in TRIGGERS.items():
        for trigger in triggers:
            op.execute(f"drop trigger {trigger} on {table}")
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
