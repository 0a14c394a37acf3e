"""To whom an issue is new; and issues by their deadline, whatever became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0251"
down_revision = "0250"
branch_labels = None
depends_on = None

CHECK = "ck_issue_new_to_known"
KNOWN = "'grid', 'community', 'street', 'district', 'department'"


def upgrade() -> None:
    op.add_column(
        "issue",
        sa.Column(
            "new_to", sa.Text(), nullable=True, comment="who has it and has not opened it yet"
        ),
    )
    op.create_check_constraint(op.f(CHECK), "issue", f"new_to in ({KNOWN})")
    op.create_index(
        "ix_issue_new",
        "issue",
        ["reported_at", "id"],
        postgresql_where=sa.text("new_to is not null and is_open"),
        postgresql_include=["new_to", "grid_id", "community_code", "handler", "public_id"],
    )
    op.create_index("ix_issue_deadline", "issue", ["due_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_issue_deadline", table_name="issue")
    op.drop_index("ix_issue_new", table_name="issue")
    op.drop_constraint(op.f(CHECK), "issue", type_="check")
    op.drop_column("issue", "new_to")
