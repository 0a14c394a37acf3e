"""What grid workers are told: one row a worker and occasion, until they have seen it and after."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from geodata.db.tables.base import metadata

notice = Table(
    "notice",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("worker_id", ForeignKey("grid_worker.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("plan_id", ForeignKey("redraw_plan.id"), index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("detail", JSONB, nullable=False, comment="what it is about, in figures and codes"),
    Column("seen_at", DateTime(timezone=True)),
    Index("ix_notice_worker", "worker_id", "at"),
    comment="通知",
)
