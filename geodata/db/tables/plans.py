"""Plans to redraw grids: what is proposed step by step, and what came of what once published."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata.db.tables.base import among, identity, metadata

redraw_plan = Table(
    "redraw_plan",
    metadata,
    identity(),
    Column(
        "public_id", Uuid, nullable=False, unique=True, server_default=text("gen_random_uuid()")
    ),
    Column("community_code", ForeignKey("community.code"), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="draft"),
    Column("author", Text, nullable=False),
    Column("base", JSONB, nullable=False, comment="boundary of each grid it touches, by code"),
    Column("report", JSONB, comment="what publishing it did"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True), comment="by the clock of the database"),
    Column("published_by", Text),
    Column("undo_of", ForeignKey("redraw_plan.id"), comment="the plan that it takes back"),
    among("state", "draft", "published", "discarded"),
    CheckConstraint("length(name) between 1 and 200", name="name_short"),
    CheckConstraint("(state = 'published') = (published_at is not null)", name="published_once"),
    Index("ix_redraw_plan_community", "community_code", "changed_at"),
    Index("ix_redraw_plan_published_at", "published_at"),
    comment="网格调整方案",
)

redraw_step = Table(
    "redraw_step",
    metadata,
    Column("plan_id", ForeignKey("redraw_plan.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("intent", JSONB, nullable=False, comment="what was wanted, never computed ground"),
    Column("undone", Boolean, nullable=False, server_default=text("false")),
    Column("author", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("position > 0", name="position_counted"),
    comment="方案步骤",
)

grid_lineage = Table(
    "grid_lineage",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("plan_id", ForeignKey("redraw_plan.id"), nullable=False),
    Column("parent_id", ForeignKey("grid.id"), nullable=False, index=True),
    Column("child_id", ForeignKey("grid.id"), nullable=False, index=True),
    Column("area_share", Double, nullable=False, comment="of the parent's ground before"),
    Column("household_share", Double, nullable=False, comment="of the parent's households"),
    UniqueConstraint("plan_id", "parent_id", "child_id"),
    CheckConstraint("parent_id <> child_id", name="from_another"),
    comment="网格沿革",
)
