"""When whoever draws plans has last read what became of them."""

from sqlalchemy import Column, DateTime, ForeignKey, Table

from geodata.db.tables.base import metadata

plan_reading = Table(
    "plan_reading",
    metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="方案动态已读",
)
