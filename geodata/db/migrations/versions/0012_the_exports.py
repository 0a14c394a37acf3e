"""Large files are made in the background, and kept in parts for a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = "'waiting', 'running', 'done', 'failed', 'cancelled', 'expired'"


def upgrade() -> None:
    op.create_table(
        "export_job",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column(
            "options",
            postgresql.JSONB(),
            nullable=False,
            comment="crs, at, filters, zone, ground, holder",
        ),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column(
            "total", sa.Integer(), nullable=False, comment="rows, counted when it was ordered"
        ),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False, comment="in ASCII"),
        sa.Column("file_title", sa.Text(), server_default="", nullable=False, comment="in Chinese"),
        sa.Column("size", sa.BigInteger(), nullable=True, comment="bytes of the file"),
        sa.Column("error", postgresql.JSONB(), nullable=True, comment="why there is no file"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the file is let go",
        ),
        sa.Column(
            "senders",
            postgresql.ARRAY(sa.Integer()),
            server_default="{}",
            nullable=False,
            comment="accounts that ordered this file",
        ),
        sa.CheckConstraint(f"state in ({STATES})", name=op.f("ck_export_job_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_job")),
        comment="导出",
    )
    op.create_table(
        "export_part",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["export_job.id"],
            name=op.f("fk_export_part_job_id_export_job"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_export_part")),
        comment="导出文件",
        prefixes=["UNLOGGED"],
    )
    op.execute("alter table export_part alter column content set storage external")


def downgrade() -> None:
    op.drop_table("export_part")
    op.drop_table("export_job")
