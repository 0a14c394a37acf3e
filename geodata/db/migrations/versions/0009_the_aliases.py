"""What people call places, remembered from their corrections."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alias",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("said", sa.Text(), nullable=False, comment="in normal form"),
        sa.Column("label", sa.Text(), nullable=False, comment="what the place is called"),
        sa.Column(
            "place",
            geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("length(said) between 3 and 40", name=op.f("ck_alias_said_short")),
        sa.CheckConstraint("length(label) <= 200", name=op.f("ck_alias_label_short")),
        sa.CheckConstraint("sound_shape(place)", name=op.f("ck_alias_place_sound")),
        sa.ForeignKeyConstraint(
            ["building_id"],
            ["building.id"],
            name=op.f("fk_alias_building_id_building"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
        sa.UniqueConstraint("said", "place", name=op.f("uq_alias_said_place")),
        comment="地点别名",
    )


def downgrade() -> None:
    op.drop_table("alias")
