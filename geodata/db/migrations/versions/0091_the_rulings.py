"""Rulings: where an address lies for good, once somebody has settled whose ground it is."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("said", sa.Text(), nullable=False, comment="the address in normal form"),
        sa.Column(
            "place",
            geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(said) between 3 and 200", name=op.f("ck_ruling_said_short")),
        sa.CheckConstraint("sound_shape(place)", name=op.f("ck_ruling_place_sound")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ruling_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
        sa.UniqueConstraint("said", name=op.f("uq_ruling_said")),
        comment="属地裁定",
    )


def downgrade() -> None:
    op.drop_table("ruling")
