"""Plans to redraw grids, their steps, and which grid came from which; plans by their community."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0060"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0040_plans.sql"


def upgrade() -> None:
    op.create_table(
        "redraw_plan",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column(
            "base",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="boundary of each grid it touches, by code",
        ),
        sa.Column(
            "report",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="what publishing it did",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="by the clock of the database",
        ),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("undo_of", sa.Integer(), nullable=True, comment="the plan that it takes back"),
        sa.CheckConstraint(
            "(state = 'published') = (published_at is not null)",
            name=op.f("ck_redraw_plan_published_once"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'published', 'discarded')", name=op.f("ck_redraw_plan_state_known")
        ),
        sa.CheckConstraint(
            "length(name) between 1 and 200", name=op.f("ck_redraw_plan_name_short")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"],
            ["community.code"],
            name=op.f("fk_redraw_plan_community_code_community"),
        ),
        sa.ForeignKeyConstraint(
            ["undo_of"], ["redraw_plan.id"], name=op.f("fk_redraw_plan_undo_of_redraw_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redraw_plan")),
        sa.UniqueConstraint("public_id", name=op.f("uq_redraw_plan_public_id")),
        comment="网格调整方案",
    )
    op.create_index(
        "ix_redraw_plan_community", "redraw_plan", ["community_code", "changed_at"], unique=False
    )
    op.create_index("ix_redraw_plan_published_at", "redraw_plan", ["published_at"], unique=False)
    op.create_table(
        "grid_lineage",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "area_share", sa.Double(), nullable=False, comment="of the parent's ground before"
        ),
        sa.Column(
            "household_share", sa.Double(), nullable=False, comment="of the parent's households"
        ),
        sa.CheckConstraint("parent_id <> child_id", name=op.f("ck_grid_lineage_from_another")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["grid.id"], name=op.f("fk_grid_lineage_child_id_grid")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["grid.id"], name=op.f("fk_grid_lineage_parent_id_grid")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["redraw_plan.id"], name=op.f("fk_grid_lineage_plan_id_redraw_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_lineage")),
        sa.UniqueConstraint(
            "plan_id",
            "parent_id",
            "child_id",
            name=op.f("uq_grid_lineage_plan_id_parent_id_child_id"),
        ),
        comment="网格沿革",
    )
    op.create_index(op.f("ix_grid_lineage_child_id"), "grid_lineage", ["child_id"], unique=False)
    op.create_index(op.f("ix_grid_lineage_parent_id"), "grid_lineage", ["parent_id"], unique=False)
    op.create_table(
        "redraw_step",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "intent",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="what was wanted, never computed ground",
        ),
        sa.Column("undone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_redraw_step_position_counted")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["redraw_plan.id"],
            name=op.f("fk_redraw_step_plan_id_redraw_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_redraw_step")),
        comment="方案步骤",
    )
    op.add_column(
        "boundary",
        sa.Column("plan_id", sa.Integer(), nullable=True, comment="the plan that drew it"),
    )
    op.create_index("ix_boundary_plan_id", "boundary", ["plan_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_boundary_plan_id_redraw_plan"), "boundary", "redraw_plan", ["plan_id"], ["id"]
    )
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def downgrade() -> None:
    op.drop_constraint(op.f("fk_boundary_plan_id_redraw_plan"), "boundary", type_="foreignkey")
    op.drop_index("ix_boundary_plan_id", table_name="boundary")
    op.drop_column("boundary", "plan_id")
    op.drop_table("redraw_step")
    op.drop_index(op.f("ix_grid_lineage_parent_id"), table_name="grid_lineage")
    op.drop_index(op.f("ix_grid_lineage_child_id"), table_name="grid_lineage")
    op.drop_table("grid_lineage")
    op.drop_index("ix_redraw_plan_published_at", table_name="redraw_plan")
    op.drop_index("ix_redraw_plan_community", table_name="redraw_plan")
    op.drop_table("redraw_plan")
