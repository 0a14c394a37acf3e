"""Whom a post stands in for while they are on leave."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "post",
        sa.Column("deputy_for", sa.Integer(), nullable=True, comment="who is on leave meanwhile"),
    )
    op.create_foreign_key(
        op.f("fk_post_deputy_for_grid_worker"), "post", "grid_worker", ["deputy_for"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_post_deputy_until_a_day"),
        "post",
        "deputy_for is null or (not upper_inf(during) and deputy_for <> worker_id)",
    )
    op.create_index(op.f("ix_post_deputy_for"), "post", ["deputy_for"])


def downgrade() -> None:
    op.drop_index(op.f("ix_post_deputy_for"), table_name="post")
    op.drop_constraint(op.f("ck_post_deputy_until_a_day"), "post", type_="check")
    op.drop_constraint(op.f("fk_post_deputy_for_grid_worker"), "post", type_="foreignkey")
    op.drop_column("post", "deputy_for")
