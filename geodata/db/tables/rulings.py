"""Where an address lies for good: what somebody has settled when its ground was in dispute."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Table, Text

from geodata.db.columns import Shape
from geodata.db.tables.base import identity, metadata, sound

ruling = Table(
    "ruling",
    metadata,
    identity(),
    Column("said", Text, nullable=False, unique=True, comment="the address in normal form"),
    Column("place", Shape("POINT"), nullable=False),
    Column("note", Text, nullable=False),
    Column("account_id", ForeignKey("account.id")),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("length(said) between 3 and 200", name="said_short"),
    sound("place"),
    comment="属地裁定",
)
