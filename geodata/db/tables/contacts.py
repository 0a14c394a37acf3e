"""How to reach reporters: sealed, apart from their issues, and forgotten in time."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    text,
)

from geodata.db.tables.base import among, metadata

contact = Table(
    "contact",
    metadata,
    Column(
        "issue_id",
        BigInteger,
        ForeignKey("issue.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("origin", Text, nullable=False),
    Column("key_id", Text, nullable=False, comment="which key opens it"),
    Column("sealed", LargeBinary, nullable=False, comment="nonce and AES-256-GCM"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    among("origin", "web", "import"),
    Index("ix_contact_key_id", "key_id"),
    comment="联系方式",
)
