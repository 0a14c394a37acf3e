"""Files on their way out: the job, and the made file in parts until somebody has fetched it."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geodata.db.tables.base import among, identity, metadata

export_job = Table(
    "export_job",
    metadata,
    identity(),
    Column("layer", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("options", JSONB, nullable=False, comment="crs, at, filters, zone, ground, holder"),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("total", Integer, nullable=False, comment="rows, counted when it was ordered"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("file_name", Text, nullable=False, server_default="", comment="in ASCII"),
    Column("file_title", Text, nullable=False, server_default="", comment="in Chinese"),
    Column("size", BigInteger, comment="bytes of the file"),
    Column("error", JSONB, comment="why there is no file"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=sql("now()")),
    Column("finished_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), comment="when the file is let go"),
    Column(
        "senders",
        ARRAY(Integer),
        nullable=False,
        server_default="{}",
        comment="accounts that ordered this file",
    ),
    among("state", "waiting", "running", "done", "failed", "cancelled", "expired"),
    comment="导出",
)

export_part = Table(
    "export_part",
    metadata,
    Column("job_id", ForeignKey("export_job.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    comment="导出文件",
    prefixes=["UNLOGGED"],
)
