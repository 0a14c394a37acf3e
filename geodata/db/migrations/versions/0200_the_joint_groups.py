"""Grids that a party group of another grid has taken over, because somebody decided so."""

import sqlalchemy as sa
from alembic import op

revision = "0200"
down_revision = "0180"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "joint_group",
        sa.Column("grid_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False, comment="owned by another grid"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["grid_id"], ["grid.id"], name=op.f("fk_joint_group_grid_id_grid"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["party_org.id"],
            name=op.f("fk_joint_group_group_id_party_org"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("grid_id", name=op.f("pk_joint_group")),
        comment="联合党小组",
    )
    op.create_index(op.f("ix_joint_group_group_id"), "joint_group", ["group_id"], unique=False)


def downgrade() -> None:
    op.drop_table("joint_group")
