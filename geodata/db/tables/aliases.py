"""What people call places that the district's own names do not tell."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from geodata.db.columns import Shape
from geodata.db.tables.base import identity, metadata, sound

alias = Table(
    "alias",
    metadata,
    identity(),
    Column("said", Text, nullable=False, comment="in normal form"),
    Column("label", Text, nullable=False, comment="what the place is called"),
    Column("place", Shape("POINT"), nullable=False),
    Column("building_id", Integer, ForeignKey("building.id", ondelete="SET NULL")),
    Column(
        "trusted",
        Boolean,
        nullable=False,
        server_default=text("true"),
        comment="said by an official; else only offered",
    ),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("length(said) between 3 and 40", name="said_short"),
    CheckConstraint("length(label) <= 200", name="label_short"),
    sound("place"),
    UniqueConstraint("said", "place"),
    comment="地点别名",
)
