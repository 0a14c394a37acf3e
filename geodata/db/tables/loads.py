"""Layers and lists on their way in: the job, its staged rows, and what was said about them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geodata.db.columns import Shape
from geodata.db.tables.base import among, identity, metadata, sound

LOAD_KINDS = (
    *("district", "streets", "communities", "grids", "buildings"),
    *("roads", "workers", "groups", "units"),
)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


load_job = Table(
    "load_job",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("options", JSONB, nullable=False, comment="layer, mapping, values, communities"),
    Column("content", LargeBinary, nullable=False),
    Column("crs", Text, nullable=False, server_default="", comment="as people declared it"),
    Column("system", Text, nullable=False, server_default="", comment="as it was taken"),
    Column("dry_run", Boolean, nullable=False, server_default=text("true")),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("staged", Boolean, nullable=False, server_default=text("false")),
    Column("total", Integer, comment="rows in the file, once they were counted"),
    _count("done"),
    _count("added"),
    _count("changed"),
    _count("same"),
    Column("layer", JSON, comment="what the file says of itself"),
    Column("columns", JSON, comment="recognised, unmapped and dropped column names"),
    Column("error", JSONB, comment="why the whole file was refused, or what is asked"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("finished_at", DateTime(timezone=True)),
    Column(
        *("senders", ARRAY(Integer)),
        nullable=False,
        server_default="{}",
        comment="accounts that sent this file in",
    ),
    UniqueConstraint("sha256", "kind", "options"),
    among("state", "waiting", "running", "asked", "checked", "done", "failed"),
    among("kind", *LOAD_KINDS),
    comment="数据导入",
)

load_row = Table(
    "load_row",
    metadata,
    Column("job_id", ForeignKey("load_job.id"), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("cells", JSON, nullable=False, comment="by column, in order, without contacts"),
    Column("shape", LargeBinary, comment="WKB in the file's own coordinates, as it came"),
    Column("code", Text, nullable=False, server_default="", comment="why it cannot be read"),
    Column("column", Text, nullable=False, server_default=""),
    Column("facts", JSONB, nullable=False, server_default="{}"),
    comment="数据导入暂存",
)

load_note = Table(
    "load_note",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("job_id", ForeignKey("load_job.id"), nullable=False),
    Column("row", Integer, nullable=False, comment="0 for the file as a whole"),
    Column("column", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    among("grade", "refused", "flagged", "repaired"),
    Index("ix_load_note_job_id", "job_id", "row", "id"),
    comment="数据导入报告",
)

resident_unit = Table(
    "resident_unit",
    metadata,
    identity(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    Column("place", Shape("POINT")),
    Column("community_code", ForeignKey("community.code"), nullable=False),
    Column("grid_id", ForeignKey("grid.id"), index=True, comment="grid of the place"),
    UniqueConstraint("community_code", "name"),
    sound("place"),
    Index("ix_resident_unit_place", "place", postgresql_using="gist"),
    comment="驻辖区单位",
)
