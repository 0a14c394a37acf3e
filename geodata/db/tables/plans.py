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
from geodata.domain.plan import State

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
    Column("remarks", Text, nullable=False, server_default="", comment="said with the last move"),
    Column("due_at", DateTime(timezone=True), comment="when it is to be published"),
    Column("conflict", JSONB, comment="why it could not be published on its day"),
    Column(
        "attempts",
        Integer,
        nullable=False,
        server_default="0",
        comment="to publish it on its day",
    ),
    Column("gap_kind", Text, comment="of the gap that it closes"),
    Column("gap_code", Text),
    CheckConstraint("(gap_kind is null) = (gap_code is null)", name="gap_whole"),
    among("state", *State),
    CheckConstraint("(state = 'scheduled') = (due_at is not null)", name="due_if_scheduled"),
    CheckConstraint("length(name) between 1 and 200", name="name_short"),
    CheckConstraint("(state = 'published') = (published_at is not null)", name="published_once"),
    Index("ix_redraw_plan_community", "community_code", "changed_at"),
    Index("ix_redraw_plan_published_at", "published_at"),
    Index("ix_redraw_plan_due_at", "due_at", postgresql_where=text("due_at is not null")),
    comment="网格调整方案",
)

redraw_step = Table(
    "redraw_step",
    metadata,
    Column("plan_id", ForeignKey("redraw_plan.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("intent", JSONB, nullable=False, comment="what was wanted, never computed ground"),
    Column("undone", Boolean, nullable=False, server_default=text("false")),
    Column("base", JSONB, comment="of an undone step: the base of the plan that it was part of"),
    Column("author", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("position > 0", name="position_counted"),
    comment="方案步骤",
)

redraw_move = Table(
    "redraw_move",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("plan_id", ForeignKey("redraw_plan.id"), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("move", Text, nullable=False),
    Column("state", Text, nullable=False, comment="that it led to"),
    Column("remarks", Text, nullable=False, server_default=""),
    Column("due_at", DateTime(timezone=True)),
    comment="方案流转",
)

grid_lock = Table(
    "grid_lock",
    metadata,
    identity(),
    Column("grid_id", ForeignKey("grid.id"), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("locked_by", Text, nullable=False),
    Column("locked_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), comment="null until somebody unlocks it"),
    Column("released_by", Text),
    Column("released_at", DateTime(timezone=True)),
    CheckConstraint("length(reason) between 1 and 200", name="reason_short"),
    CheckConstraint("until is null or until > locked_at", name="until_later"),
    Index(
        "uq_grid_lock_one_at_a_time",
        "grid_id",
        unique=True,
        postgresql_where=text("released_at is null"),
    ),
    comment="网格锁定",
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
    CheckConstraint("area_share between -1e-9 and 1 + 1e-9", name="area_share_of_one"),
    CheckConstraint("household_share between -1e-9 and 1 + 1e-9", name="household_share_of_one"),
    comment="网格沿革",
)
