"""The shapes of the base map, projected once instead of at each tile."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SOURCES = {
    "road": ("shape", "LINESTRING"),
    "landcover": ("shape", "MULTIPOLYGON"),
    "place": ("shape", "POINT"),
    "building": ("outline", "POLYGON"),
}


def upgrade() -> None:
    for table, (source, kind) in SOURCES.items():
        flat = geoalchemy2.Geometry(kind, srid=3857, spatial_index=False)
        kept = sa.Computed(f"ST_Transform({source}, 3857)", persisted=True)
        op.add_column(table, sa.Column("mercator", flat, kept))


def downgrade() -> None:
    for table in SOURCES:
        op.drop_column(table, "mercator")
