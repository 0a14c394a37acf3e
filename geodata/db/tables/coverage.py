"""Gaps in coverage over time: when each opened and when it closed."""

from sqlalchemy import BigInteger, Column, DateTime, Double, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint

from geodata.db.tables.base import metadata

coverage_gap = Table(
    "coverage_gap",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False, comment="of what has it"),
    Column("community_code", Text, comment="null where it lies in none"),
    Column("grid_code", Text),
    Column("name", Text, nullable=False, server_default=""),
    Column("measure", Double, nullable=False, comment="when it was seen first"),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("during", TSTZRANGE, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False, comment="when it was kept first"),
    ExcludeConstraint(
        ("kind", "="), ("code", "="), ("during", "&&"), name="ex_coverage_gap_once_at_a_time"
    ),
    Index("ix_coverage_gap_open", "kind", "code", postgresql_where=text("upper_inf(during)")),
    Index("ix_coverage_gap_seen_at", "seen_at"),
    Index("ix_coverage_gap_during", "during", postgresql_using="gist"),
    comment="覆盖缺口沿革",
)
