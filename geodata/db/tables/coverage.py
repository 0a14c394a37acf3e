"""Coverage over time: when each gap opened and closed, the figures of each day, the reports."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint

from geodata.db.tables.base import among, identity, metadata

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
    Column("cause", Text, nullable=False, server_default="", comment="when it was seen first"),
    Column("facts", JSONB, nullable=False, server_default="{}", comment="that complete the cause"),
    Column("ending", Text, comment="why it is there no more"),
    Column("seen_at", DateTime(timezone=True), nullable=False, comment="when it was kept first"),
    ExcludeConstraint(
        ("kind", "="), ("code", "="), ("during", "&&"), name="ex_coverage_gap_once_at_a_time"
    ),
    Index("ix_coverage_gap_open", "kind", "code", postgresql_where=text("upper_inf(during)")),
    Index("ix_coverage_gap_seen_at", "seen_at"),
    Index("ix_coverage_gap_during", "during", postgresql_using="gist"),
    comment="覆盖缺口沿革",
)

coverage_figures = Table(
    "coverage_figures",
    metadata,
    Column("community_code", Text, primary_key=True),
    Column("day", Date, primary_key=True, comment="of the first look at which they were so"),
    Column("grids", JSONB, nullable=False, comment="codes of its grids, and a list by figure"),
    comment="每日覆盖数据",
)
"""The figures of the grids of a community, kept when they differ from those of the day before.

With ``shared``, who serves several grids (a worker's id and the grid's place among the codes), and
``loose``, ``loose_open`` and ``loose_overdue``, how many gaps and issues lie in none of its grids,
where there are any.
"""

coverage_schedule = Table(
    "coverage_schedule",
    metadata,
    identity(),
    Column("area_code", Text, nullable=False, server_default=""),
    Column("every", Text, nullable=False),
    Column("ground", JSONB, nullable=False, comment="of who set it up"),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("made", Text, comment="the last week or month that it ordered"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("area_code", "every", "account_id"),
    among("every", "week", "month"),
    comment="定期报告",
)

coverage_report = Table(
    "coverage_report",
    metadata,
    identity(),
    Column("area_code", Text, nullable=False, server_default=""),
    Column("span", Text, nullable=False, comment="a week or a month"),
    Column("ground", JSONB, nullable=False, comment="that it tells of"),
    Column("schedule_id", ForeignKey("coverage_schedule.id", ondelete="SET NULL")),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("total", Integer, nullable=False, comment="steps"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("content", JSONB, comment="all that it tells, as numbers"),
    Column("error", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("account_id", Integer, comment="who ordered it"),
    UniqueConstraint("schedule_id", "span"),
    among("state", "waiting", "running", "done", "failed", "cancelled"),
    comment="覆盖报告",
)

coverage_report_file = Table(
    "coverage_report_file",
    metadata,
    Column("report_id", ForeignKey("coverage_report.id", ondelete="CASCADE"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    comment="覆盖报告文件",
)
