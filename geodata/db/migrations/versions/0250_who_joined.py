"""Who joins an issue is known by a code of their own, as whoever reported it is."""

import sqlalchemy as sa
from alembic import op

revision = "0250"
down_revision = "0240"
branch_labels = None
depends_on = None

TABLE = "issue_joiner"
SEEN = """
    alter table issue_joiner enable row level security;
    create policy issue_joiner_ground on issue_joiner using (
        (select current_setting('wangge.ground', true)) = 'all'
        or exists (select from issue where issue.id = issue_joiner.issue_id)
    ) with check (true);
"""


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column(
            "tracking", sa.LargeBinary(), nullable=False, comment="digest of the joiner's code"
        ),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False, comment="their own words"),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_issue_joiner_issue_id_issue")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["issue_event.id"], name=op.f("fk_issue_joiner_event_id_issue_event")
        ),
        sa.PrimaryKeyConstraint("tracking", name=op.f("pk_issue_joiner")),
        comment="附议人",
    )
    op.create_index(op.f("ix_issue_joiner_issue_id"), TABLE, ["issue_id"])
    op.create_index(op.f("ix_issue_joiner_event_id"), TABLE, ["event_id"])
    op.execute(SEEN)


def downgrade() -> None:
    op.drop_table(TABLE)
