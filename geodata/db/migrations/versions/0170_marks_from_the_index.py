"""Whether waiting issues are few enough to be drawn one by one, answered by indexes alone.

At a million issues each look at a row itself costs more than all else: those of a whole street
that are waiting, overdue or escalated were counted for up to half a second.
"""

import sqlalchemy as sa
from alembic import op

revision = "0170"
down_revision = "0160"
branch_labels = None
depends_on = None

WAITING = ["due_at", "is_open", "community_code", "public_id"]
ESCALATED = ["place", "grid_id", "community_code", "public_id", "category_id", "due_at", "is_open"]
INDEXES = {
    "ix_issue_waiting": (
        ["grid_id", "category_id", "level"],
        "is_open",
        [*WAITING, "reported_at", "place"],
        WAITING,
    ),
    "ix_issue_escalated": (
        ["reported_at", "id"],
        "is_open and level <> 'grid'",
        ESCALATED,
        None,
    ),
}
"""By name: columns, condition, and what each entry bears besides, after and before."""


def upgrade() -> None:
    for name, (columns, condition, after, _) in INDEXES.items():
        make_anew(name, columns, condition, after)
    astray = sa.text("grid_id is null and place is not null")
    op.create_index("ix_issue_astray", "issue", ["reported_at", "id"], postgresql_where=astray)


def downgrade() -> None:
    op.drop_index("ix_issue_astray", table_name="issue")
    for name, (columns, condition, _, before) in INDEXES.items():
        make_anew(name, columns, condition, before)


def make_anew(name: str, columns: list[str], condition: str, bears: list[str] | None) -> None:
    op.drop_index(name, table_name="issue")
    where = sa.text(condition)
    op.create_index(name, "issue", columns, postgresql_where=where, postgresql_include=bears)
