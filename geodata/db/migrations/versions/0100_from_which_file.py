"""From which file an issue came."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0070"
branch_labels = None
depends_on = None

# Each batch of a job is one transaction between its beginning and its end.
_KNOWN = sa.text("""
    update issue set import_id = job.id from import_job job
    where issue.ticket is not null and issue.channel = job.channel
        and issue.created_at between job.created_at and job.finished_at
""")


def upgrade() -> None:
    op.add_column("issue", sa.Column("import_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_issue_import_id_import_job"), "issue", "import_job", ["import_id"], ["id"]
    )
    op.execute(_KNOWN)
    op.create_index(
        "ix_issue_import",
        "issue",
        ["import_id", "reported_at", "id"],
        postgresql_where=sa.text("import_id is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_issue_import", table_name="issue")
    op.drop_constraint(op.f("fk_issue_import_id_import_job"), "issue", type_="foreignkey")
    op.drop_column("issue", "import_id")
