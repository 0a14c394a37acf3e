"""The people of the grids: party organisations of all tiers, grid workers and their posts."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint

from geodata.db.tables.base import among, identity, metadata

party_org = Table(
    "party_org",
    metadata,
    identity(),
    Column("tier", Text, nullable=False),
    Column("parent_id", ForeignKey("party_org.id"), index=True),
    Column("name", Text, nullable=False),
    Column("secretary", Text, comment="null where nobody leads it"),
    Column("member_count", Integer, nullable=False, server_default="0"),
    Column("street_code", ForeignKey("street.code"), index=True),
    Column("community_code", ForeignKey("community.code"), index=True),
    Column("grid_id", ForeignKey("grid.id"), index=True),
    Column("colour", SmallInteger, comment="0 to 7, on the map; neighbours differ"),
    among("tier", "street", "community", "branch", "group"),
    CheckConstraint(
        "case tier when 'street' then street_code is not null"
        " when 'group' then grid_id is not null"
        " else community_code is not null end",
        name="belongs_to_its_tier",
    ),
    CheckConstraint("(tier = 'street') = (parent_id is null)", name="parent_below_street"),
    comment="党组织",
)

joint_group = Table(
    "joint_group",
    metadata,
    Column(
        "grid_id",
        ForeignKey("grid.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column(
        "group_id",
        ForeignKey("party_org.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
        comment="owned by another grid",
    ),
    Column("since", DateTime(timezone=True), nullable=False),
    comment="联合党小组",
)

grid_worker = Table(
    "grid_worker",
    metadata,
    identity(),
    Column("name", Text, nullable=False, index=True),
    comment="网格员",
)

post = Table(
    "post",
    metadata,
    identity(),
    Column("worker_id", ForeignKey("grid_worker.id"), nullable=False, index=True),
    Column("grid_id", ForeignKey("grid.id"), nullable=False),
    Column("duty", Text, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column(
        "deputy_for", ForeignKey("grid_worker.id"), index=True, comment="who is on leave meanwhile"
    ),
    among("duty", "lead", "assistant"),
    CheckConstraint("not isempty(during) and not lower_inf(during)", name="during_bounded"),
    CheckConstraint(
        "deputy_for is null or (not upper_inf(during) and deputy_for <> worker_id)",
        name="deputy_until_a_day",
    ),
    ExcludeConstraint(
        ("worker_id", "="),
        ("grid_id", "="),
        ("during", "&&"),
        name="ex_post_once_at_a_time",
    ),
    ExcludeConstraint(
        ("grid_id", "="),
        ("during", "&&"),
        where=text("duty = 'lead'"),
        name="ex_post_one_lead",
    ),
    Index("ix_post_grid_id", "grid_id"),
    comment="上岗",
)

grid_visit = Table(
    "grid_visit",
    metadata,
    identity(),
    Column("grid_id", ForeignKey("grid.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, comment="as late on that day as known"),
    Column("note", Text, nullable=False, server_default=""),
    Column("account_id", ForeignKey("account.id"), nullable=False, comment="who says so"),
    UniqueConstraint("grid_id", "day", "account_id"),
    Index("ix_grid_visit_grid_id_at", "grid_id", "at"),
    comment="走访",
)

service_change = Table(
    "service_change",
    metadata,
    Column("written_by", BigInteger, primary_key=True, autoincrement=False),
    Column("written", BigInteger, nullable=False, server_default="1", comment="transactions"),
    comment="谁动过岗位与党小组",
)
"""The numbers of the transactions that wrote to posts, workers or party groups, as `ground_change`.
"""
