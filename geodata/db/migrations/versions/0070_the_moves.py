"""What plans go through, locks on grids, notices to workers, suggestions in the background."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0040"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0070_moves.sql"
STATES = (
    "'draft', 'submitted', 'returned', 'approved', 'scheduled', 'conflicted', 'published',"
    " 'discarded'"
)
OLD_STATES = "'draft', 'published', 'discarded'"
JSON = postgresql.JSONB(astext_type=sa.Text())
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _plans()
    _moves()
    _locks()
    _notices()
    _suggestions()
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def _plans() -> None:
    op.add_column(
        "redraw_plan",
        sa.Column(
            "remarks",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="said with the last move",
        ),
    )
    op.add_column(
        "redraw_plan",
        sa.Column("due_at", MOMENT, nullable=True, comment="when it is to be published"),
    )
    op.add_column(
        "redraw_plan",
        sa.Column(
            "conflict", JSON, nullable=True, comment="why it could not be published on its day"
        ),
    )
    op.drop_constraint(op.f("ck_redraw_plan_state_known"), "redraw_plan", type_="check")
    op.create_check_constraint(
        op.f("ck_redraw_plan_state_known"), "redraw_plan", f"state in ({STATES})"
    )
    op.create_check_constraint(
        op.f("ck_redraw_plan_due_if_scheduled"),
        "redraw_plan",
        "(state = 'scheduled') = (due_at is not null)",
    )
    op.create_index(
        "ix_redraw_plan_due_at",
        "redraw_plan",
        ["due_at"],
        postgresql_where=sa.text("due_at is not null"),
    )


def _moves() -> None:
    op.create_table(
        "redraw_move",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="that it led to"),
        sa.Column("remarks", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["redraw_plan.id"], name=op.f("fk_redraw_move_plan_id_redraw_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redraw_move")),
        comment="方案流转",
    )
    op.create_index(op.f("ix_redraw_move_plan_id"), "redraw_move", ["plan_id"])


def _locks() -> None:
    op.create_table(
        "grid_lock",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("locked_by", sa.Text(), nullable=False),
        sa.Column("locked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True, comment="null until somebody unlocks it"),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "length(reason) between 1 and 200", name=op.f("ck_grid_lock_reason_short")
        ),
        sa.CheckConstraint(
            "until is null or until > locked_at", name=op.f("ck_grid_lock_until_later")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_grid_lock_grid_id_grid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_lock")),
        comment="网格锁定",
    )
    op.create_index(op.f("ix_grid_lock_grid_id"), "grid_lock", ["grid_id"])
    op.create_index(
        "uq_grid_lock_one_at_a_time",
        "grid_lock",
        ["grid_id"],
        unique=True,
        postgresql_where=sa.text("released_at is null"),
    )


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("detail", JSON, nullable=False, comment="what it is about, in figures and codes"),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["redraw_plan.id"], name=op.f("fk_notice_plan_id_redraw_plan")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["grid_worker.id"], name=op.f("fk_notice_worker_id_grid_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        comment="通知",
    )
    op.create_index(op.f("ix_notice_plan_id"), "notice", ["plan_id"])
    op.create_index("ix_notice_worker", "notice", ["worker_id", "at"])


def _suggestions() -> None:
    op.create_table(
        "suggestion_job",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("options", JSON, nullable=False, comment="number, grids, norm, low, high, seed"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("done", sa.Double(), server_default="0", nullable=False, comment="share, 0 to 1"),
        sa.Column(
            "base", JSON, nullable=True, comment="boundary of each grid it was made over, by code"
        ),
        sa.Column("found", JSON, nullable=True, comment="the alternatives"),
        sa.Column("error", JSON, nullable=True, comment="why there are none"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind in ('divide', 'rebalance', 'blocks')", name=op.f("ck_suggestion_job_kind_known")
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_suggestion_job_state_known"),
        ),
        sa.CheckConstraint("done between 0 and 1", name=op.f("ck_suggestion_job_share_known")),
        sa.ForeignKeyConstraint(
            ["community_code"],
            ["community.code"],
            name=op.f("fk_suggestion_job_community_code_community"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suggestion_job_public_id")),
        comment="网格建议",
    )
    op.create_index(op.f("ix_suggestion_job_community_code"), "suggestion_job", ["community_code"])


def downgrade() -> None:
    for table in ("suggestion_job", "notice", "grid_lock", "redraw_move"):
        op.drop_table(table)
    op.execute(
        "update redraw_plan set due_at = null, state = 'draft'"
        " where state not in ('draft', 'published', 'discarded')"
    )
    op.drop_index("ix_redraw_plan_due_at", table_name="redraw_plan")
    op.drop_constraint(op.f("ck_redraw_plan_due_if_scheduled"), "redraw_plan", type_="check")
    op.drop_constraint(op.f("ck_redraw_plan_state_known"), "redraw_plan", type_="check")
    op.create_check_constraint(
        op.f("ck_redraw_plan_state_known"), "redraw_plan", f"state in ({OLD_STATES})"
    )
    for column in ("conflict", "due_at", "remarks"):
        op.drop_column("redraw_plan", column)
