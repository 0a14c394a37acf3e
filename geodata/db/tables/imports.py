"""Files of tickets on their way in, and the rows that were refused."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geodata.db.tables.base import among, identity, metadata


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


import_job = Table(
    "import_job",
    metadata,
    identity(),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("datum", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("total", Integer, comment="rows in the file, once they were counted"),
    _count("done"),
    _count("added"),
    _count("known"),
    _count("unplaced"),
    Column("columns", JSON, comment="recognised, unknown and dropped column names"),
    Column("error", JSONB, comment="why the whole file was refused"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("finished_at", DateTime(timezone=True)),
    Column(
        *("senders", ARRAY(Integer)),
        nullable=False,
        server_default="{}",
        comment="accounts that sent this file in",
    ),
    UniqueConstraint("sha256", "channel", "datum"),
    among("state", "waiting", "running", "done", "failed"),
    comment="工单导入",
)

refused_row = Table(
    "refused_row",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("job_id", ForeignKey("import_job.id"), nullable=False),
    Column("row", Integer, nullable=False, comment="as a spreadsheet counts, header is 1"),
    Column("column", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("raw", JSON, nullable=False, comment="cells by header, in order"),
    Column("corrected_at", DateTime(timezone=True)),
    Column("key_id", Text, comment="which key opens the contact"),
    Column("sealed", LargeBinary, comment="its contact columns"),
    UniqueConstraint("job_id", "row"),
    comment="退回的行",
)
