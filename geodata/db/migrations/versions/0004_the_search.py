"""Finding issues by ticket and workers by name, and counting issues by any filter."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LOAD = ("ix_issue_load", "issue", ["grid_id", "is_open", "category_id", "level"])


def upgrade() -> None:
    op.create_index(
        "ix_issue_ticket", "issue", ["ticket"], postgresql_ops={"ticket": "text_pattern_ops"}
    )
    op.create_index("ix_grid_worker_name", "grid_worker", ["name"])
    op.drop_index("ix_issue_load", table_name="issue")
    op.create_index(*LOAD, postgresql_include=["due_at", "reported_at", "community_code"])


def downgrade() -> None:
    op.drop_index("ix_issue_load", table_name="issue")
    op.create_index(*LOAD, postgresql_include=["due_at"])
    op.drop_index("ix_grid_worker_name", table_name="grid_worker")
    op.drop_index("ix_issue_ticket", table_name="issue")
