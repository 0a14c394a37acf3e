"""Steps that did not fit when a plan was drawn anew stay with it."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0331"
down_revision = "0330"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def _run(name: str) -> None:
    """Run a file of statements as it stands, without looking for parameters in it."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute((SQL / name).read_text("utf-8"))


def upgrade() -> None:
    op.create_table(
        "redraw_left_out",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("intent", JSONB(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="of the refusal"),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False, comment="of the step"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when it was left out"),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["redraw_plan.id"],
            name=op.f("fk_redraw_left_out_plan_id_redraw_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redraw_left_out")),
        comment="没有留下的步骤",
    )
    op.create_index(op.f("ix_redraw_left_out_plan_id"), "redraw_left_out", ["plan_id"])
    _run("0331_left_out.sql")


def downgrade() -> None:
    op.drop_table("redraw_left_out")
    op.execute("drop function keep_left_out()")
