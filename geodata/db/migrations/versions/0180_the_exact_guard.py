"""The ground is filled exactly, history is not erased, an open issue stands on present ground."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0180"
down_revision = "0130"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"

TRIGGERS = {
    "community": ("community_filled",),
    "issue": ("issue_on_present_ground",),
    "boundary": ("boundary_leaves_no_issue",),
    "grid": ("grid_kept", "grid_retired_without_ground"),
    "grid_lineage": ("grid_lineage_append_only", "grid_lineage_no_truncate"),
    "redraw_move": ("redraw_move_append_only", "redraw_move_no_truncate"),
}

FUNCTIONS = (
    "is_taken_back(integer)",
    "check_retired()",
    "keep_grid()",
    "check_left_issues()",
    "check_issue_ground()",
    "check_community()",
)


def _run(name: str) -> None:
    """Run a file of statements as it stands, without looking for parameters in it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    op.add_column(
        "community",
        sa.Column(
            "revision",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of boundaries",
        ),
    )
    op.add_column(
        "redraw_step",
        sa.Column(
            "base",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="of an undone step: the base of the plan that it was part of",
        ),
    )
    _run("0180_exact.sql")


def downgrade() -> None:
    for table, triggers in TRIGGERS.items():
        for trigger in triggers:
            op.execute(f"drop trigger {trigger} on {table}")
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    _run("0180_before.sql")
    op.drop_column("redraw_step", "base")
    op.drop_column("community", "revision")
