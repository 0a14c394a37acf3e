"""Steps that did not fit any more when a plan was drawn anew, kept to be tried again."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from geodata.db.tables.base import identity, metadata

redraw_left_out = Table(
    "redraw_left_out",
    metadata,
    identity(),
    Column("plan_id", ForeignKey("redraw_plan.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("intent", JSONB, nullable=False),
    Column("code", Text, nullable=False, comment="of the refusal"),
    Column("facts", JSONB, nullable=False),
    Column("author", Text, nullable=False, comment="of the step"),
    Column("at", DateTime(timezone=True), nullable=False, comment="when it was left out"),
    comment="没有留下的步骤",
)
