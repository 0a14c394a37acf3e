"""The audit trail: appended to, chained, and changed by nobody."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0030_audit.sql"


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column(
            "number",
            sa.BigInteger(),
            autoincrement=False,
            server_default="0",
            nullable=False,
            comment="given by the trigger, without a gap",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="the database's clock"),
        sa.Column(
            "actor",
            sa.Text(),
            nullable=True,
            comment="display id; null for whoever did not sign in",
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), server_default="done", nullable=False),
        sa.Column("source", sa.Text(), nullable=True, comment="network address"),
        sa.Column(
            "detail",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("previous", sa.LargeBinary(), nullable=False, comment="hash of the entry before"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            r"action ~ '^[a-z_]+(\.[a-z_]+)*$'", name=op.f("ck_audit_entry_action_worded")
        ),
        sa.CheckConstraint(
            "result in ('done', 'refused', 'failed')", name=op.f("ck_audit_entry_result_known")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        comment="审计",
    )
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "number"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor", "number"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index(
        "ix_audit_entry_subject", "audit_entry", ["subject_kind", "subject_id", "number"]
    )
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def downgrade() -> None:
    op.execute("drop function audit_digest(audit_entry)")
    op.drop_table("audit_entry")
    for function in ("chain_audit()", "keep_audit()", "audit_written(text)"):
        op.execute(f"drop function {function}")
