"""Suggested grids for a community: what was asked for, how far it is, and what was found."""

from sqlalchemy import CheckConstraint, Column, DateTime, Double, ForeignKey, Table, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from geodata.db.tables.base import among, identity, metadata

suggestion_job = Table(
    "suggestion_job",
    metadata,
    identity(),
    Column("public_id", Uuid, nullable=False, unique=True, server_default=sql("gen_random_uuid()")),
    Column("community_code", ForeignKey("community.code"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("options", JSONB, nullable=False, comment="number, grids, norm, low, high, seed"),
    Column("author", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("done", Double, nullable=False, server_default="0", comment="share, 0 to 1"),
    Column("base", JSONB, comment="boundary of each grid it was made over, by code"),
    Column("found", JSONB, comment="the alternatives"),
    Column("error", JSONB, comment="why there are none"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    among("kind", "divide", "rebalance", "blocks"),
    among("state", "waiting", "running", "done", "failed", "cancelled"),
    CheckConstraint("done between 0 and 1", name="share_known"),
    comment="网格建议",
)
