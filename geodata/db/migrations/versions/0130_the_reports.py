"""Coverage over time: causes and endings of gaps, the figures of each day, reports; the walk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0130"
down_revision = "0170"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "district",
        sa.Column(
            "walk_m", sa.Integer(), server_default="1800", nullable=False, comment="to a station"
        ),
    )
    _gaps()
    _figures()
    _schedules()
    _reports()


def downgrade() -> None:
    for table in ("report_file", "report", "schedule", "figures"):
        op.drop_table(f"coverage_{table}")
    for column in ("ending", "facts", "cause"):
        op.drop_column("coverage_gap", column)
    op.drop_column("district", "walk_m")


def _gaps() -> None:
    told = (
        sa.Column(
            "cause",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="when it was seen first",
        ),
        sa.Column(
            "facts",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="that complete the cause",
        ),
        sa.Column("ending", sa.Text(), nullable=True, comment="why it is there no more"),
    )
    for column in told:
        op.add_column("coverage_gap", column)


def _figures() -> None:
    op.create_table(
        "coverage_figures",
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column(
            "day", sa.Date(), nullable=False, comment="of the first look at which they were so"
        ),
        sa.Column(
            "grids",
            postgresql.JSONB(),
            nullable=False,
            comment="codes of its grids, and a list by figure",
        ),
        sa.PrimaryKeyConstraint("community_code", "day", name=op.f("pk_coverage_figures")),
        comment="每日覆盖数据",
    )


def _schedules() -> None:
    op.create_table(
        "coverage_schedule",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("area_code", sa.Text(), server_default="", nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("ground", postgresql.JSONB(), nullable=False, comment="of who set it up"),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "every in ('week', 'month')", name=op.f("ck_coverage_schedule_every_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_coverage_schedule_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_schedule")),
        sa.UniqueConstraint(
            "area_code",
            "every",
            "account_id",
            name=op.f("uq_coverage_schedule_area_code_every_account_id"),
        ),
        comment="定期报告",
    )


def _reports() -> None:
    op.create_table(
        "coverage_report",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("area_code", sa.Text(), server_default="", nullable=False),
        sa.Column("span", sa.Text(), nullable=False, comment="a week or a month"),
        sa.Column("ground", postgresql.JSONB(), nullable=False, comment="that it tells of"),
        sa.Column("schedule_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("total", sa.Integer(), nullable=False, comment="steps"),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "content", postgresql.JSONB(), nullable=True, comment="all that it tells, as numbers"
        ),
        sa.Column("error", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True, comment="who ordered it"),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_coverage_report_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["coverage_schedule.id"],
            name=op.f("fk_coverage_report_schedule_id_coverage_schedule"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_report")),
        sa.UniqueConstraint(
            "schedule_id", "span", name=op.f("uq_coverage_report_schedule_id_span")
        ),
        comment="覆盖报告",
    )
    op.create_table(
        "coverage_report_file",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["coverage_report.id"],
            name=op.f("fk_coverage_report_file_report_id_coverage_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", "format", name=op.f("pk_coverage_report_file")),
        comment="覆盖报告文件",
    )
