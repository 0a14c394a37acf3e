"""What a community or street makes known to everybody: notices, and issues that were solved."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    text,
)

from geodata.db.columns import Shape
from geodata.db.tables.base import among, identity, metadata, sound
from geodata.domain.bulletin import KINDS, LONGEST_TEXT, LONGEST_TITLE

bulletin = Table(
    "bulletin",
    metadata,
    identity(),
    Column(
        "public_id", Uuid, nullable=False, unique=True, server_default=text("gen_random_uuid()")
    ),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("street_code", ForeignKey("street.code"), comment="null: the whole district"),
    Column("community_code", ForeignKey("community.code"), comment="null: the whole street"),
    Column("place", Shape("POINT"), comment="as exactly as everybody may know it"),
    Column("issue_id", BigInteger, ForeignKey("issue.id"), comment="which was solved"),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("account_id", ForeignKey("account.id"), comment="who wrote it"),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", ForeignKey("account.id")),
    among("kind", *KINDS),
    sound("place"),
    CheckConstraint(f"length(title) between 1 and {LONGEST_TITLE}", name="title_short"),
    CheckConstraint(f"length(text) between 1 and {LONGEST_TEXT}", name="text_short"),
    CheckConstraint("community_code is null or street_code is not null", name="area_whole"),
    CheckConstraint("(kind = 'solved') = (issue_id is not null)", name="solved_issue"),
    CheckConstraint("until is null or since < until", name="in_order"),
    Index(
        "uq_bulletin_issue_id",
        "issue_id",
        unique=True,
        postgresql_where=text("withdrawn_at is null"),
    ),
    Index("ix_bulletin_since", "since", "id", postgresql_where=text("withdrawn_at is null")),
    Index("ix_bulletin_created_at", "created_at", "id"),
    Index("ix_bulletin_place", "place", postgresql_using="gist"),
    comment="民情发布",
)
