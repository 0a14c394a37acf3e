"""Layers and lists on their way in, and the resident units."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = (
    "'district', 'streets', 'communities', 'grids', 'buildings',"
    " 'roads', 'workers', 'groups', 'units'"
)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def upgrade() -> None:
    op.create_table(
        "load_job",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column(
            "options",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="layer, mapping, values, communities",
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column(
            "crs", sa.Text(), server_default="", nullable=False, comment="as people declared it"
        ),
        sa.Column(
            "system", sa.Text(), server_default="", nullable=False, comment="as it was taken"
        ),
        sa.Column("dry_run", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("staged", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "total", sa.Integer(), nullable=True, comment="rows in the file, once they were counted"
        ),
        *(_count(name) for name in ("done", "added", "changed", "same")),
        sa.Column("layer", sa.JSON(), nullable=True, comment="what the file says of itself"),
        sa.Column(
            "columns",
            sa.JSON(),
            nullable=True,
            comment="recognised, unmapped and dropped column names",
        ),
        sa.Column(
            "error",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="why the whole file was refused, or what is asked",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'asked', 'checked', 'done', 'failed')",
            name=op.f("ck_load_job_state_known"),
        ),
        sa.CheckConstraint(f"kind in ({KINDS})", name=op.f("ck_load_job_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_load_job")),
        sa.UniqueConstraint(
            "sha256", "kind", "options", name=op.f("uq_load_job_sha256_kind_options")
        ),
        comment="数据导入",
    )
    op.create_table(
        "load_row",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "cells", sa.JSON(), nullable=False, comment="by column, in order, without contacts"
        ),
        sa.Column(
            "shape",
            sa.LargeBinary(),
            nullable=True,
            comment="WKB in the file's own coordinates, as it came",
        ),
        sa.Column(
            "code", sa.Text(), server_default="", nullable=False, comment="why it cannot be read"
        ),
        sa.Column("column", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["load_job.id"], name=op.f("fk_load_row_job_id_load_job")
        ),
        sa.PrimaryKeyConstraint("job_id", "row", name=op.f("pk_load_row")),
        comment="数据导入暂存",
    )
    op.create_table(
        "load_note",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False, comment="0 for the file as a whole"),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "grade in ('refused', 'flagged', 'repaired')", name=op.f("ck_load_note_grade_known")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["load_job.id"], name=op.f("fk_load_note_job_id_load_job")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_load_note")),
        comment="数据导入报告",
    )
    op.create_index("ix_load_note_job_id", "load_note", ["job_id", "row", "id"], unique=False)
    op.create_table(
        "resident_unit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "place",
            geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=True, comment="grid of the place"),
        sa.CheckConstraint("sound_shape(place)", name=op.f("ck_resident_unit_place_sound")),
        sa.ForeignKeyConstraint(
            ["community_code"],
            ["community.code"],
            name=op.f("fk_resident_unit_community_code_community"),
        ),
        sa.ForeignKeyConstraint(
            ["grid_id"], ["grid.id"], name=op.f("fk_resident_unit_grid_id_grid")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_unit")),
        sa.UniqueConstraint(
            "community_code", "name", name=op.f("uq_resident_unit_community_code_name")
        ),
        comment="驻辖区单位",
    )
    op.create_index(op.f("ix_resident_unit_grid_id"), "resident_unit", ["grid_id"], unique=False)
    op.create_index(
        "ix_resident_unit_place", "resident_unit", ["place"], unique=False, postgresql_using="gist"
    )


def downgrade() -> None:
    for name in ("resident_unit", "load_note", "load_row", "load_job"):
        op.drop_table(name)
