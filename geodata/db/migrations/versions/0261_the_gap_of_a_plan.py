"""A plan holds the gap that it closes, by which it is found whatever it is called."""

import sqlalchemy as sa
from alembic import op

revision = "0261"
down_revision = "0260"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Column("gap_kind", sa.Text(), nullable=True, comment="of the gap that it closes")
    op.add_column("redraw_plan", kind)
    op.add_column("redraw_plan", sa.Column("gap_code", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_redraw_plan_gap_whole"), "redraw_plan", "(gap_kind is null) = (gap_code is null)"
    )
    # Until now the code of the grid was the last word of the name.
    op.execute(
        "update redraw_plan set gap_kind = 'grid_overloaded', gap_code = grid.code from grid"
        " where grid.code = substring(redraw_plan.name from '[^ ]+$')"
        " and grid.community_code = redraw_plan.community_code"
        " and redraw_plan.state not in ('published', 'discarded')"
        " and exists (select from redraw_step where plan_id = redraw_plan.id"
        " and intent ->> 'op' = 'adopt')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_redraw_plan_gap_whole"), "redraw_plan")
    op.drop_column("redraw_plan", "gap_code")
    op.drop_column("redraw_plan", "gap_kind")
