"""What is counted of issues by day, what changed since, and up to which day that was done."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from geodata.db.tables.base import metadata
from geodata.domain.indicator import COUNTS

issue_day = Table(
    "issue_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("community_code", Text, primary_key=True, comment="empty: in none"),
    Column("category_id", Integer, primary_key=True, autoincrement=False),
    Column("channel", Text, primary_key=True),
    *(Column(name, Double, nullable=False) for name in COUNTS),
    comment="按日诉求数据",
)
"""Sums over the days of the zone that `issue_kept` names, up to its day."""

issue_before = Table(
    "issue_before",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("issue_id", BigInteger, nullable=False),
    *(Column(name, DateTime(timezone=True)) for name in ("reported_at", "due_at", "closed_at")),
    *(Column(name, Text) for name in ("status", "satisfaction", "community_code")),
    Column("category_id", Integer),
    Column("channel", Text),
    Column("handled_at", DateTime(timezone=True)),
    Column("reworked", Boolean, nullable=False, server_default=text("false")),
    Index("ix_issue_before_issue_id", "issue_id", "id"),
    comment="诉求改动前",
)
"""Issues as they stood before a change that concerns a kept day; all null where there was none."""

issue_kept = Table(
    "issue_kept",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("begun", BigInteger, nullable=False, comment="by this transaction"),
    Column("zone", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="of what is counted"),
    Column("until", Date, comment="the days before are kept"),
    CheckConstraint("single", name="one_row"),
    comment="按日数据的界限",
)
