"""How often whom has asked lately; may be lost with the machine."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from geodata.db.tables.base import metadata

rate_count = Table(
    "rate_count",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("who", Text, primary_key=True, comment="a digest, no address"),
    Column("slot", BigInteger, primary_key=True, autoincrement=False, comment="its end, epoch s"),
    Column("hits", Integer, nullable=False),
    prefixes=["UNLOGGED"],
    comment="请求计数",
)
