"""The audit trail: who did what to what, when and from where; appended to and never changed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata.db.tables.base import among, metadata
from geodata.domain.audit import RESULTS

audit_entry = Table(
    "audit_entry",
    metadata,
    Column(
        *("number", BigInteger),
        primary_key=True,
        autoincrement=False,
        server_default="0",
        comment="given by the trigger, without a gap",
    ),
    Column("at", DateTime(timezone=True), nullable=False, comment="the database's clock"),
    Column("actor", Text, comment="display id; null for whoever did not sign in"),
    Column("account_id", Integer),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text),
    Column("subject_id", Text),
    Column("result", Text, nullable=False, server_default="done"),
    Column("source", Text, comment="network address"),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'")),
    Column("previous", LargeBinary, nullable=False, comment="hash of the entry before"),
    Column("hash", LargeBinary, nullable=False),
    among("result", *RESULTS),
    CheckConstraint(r"action ~ '^[a-z_]+(\.[a-z_]+)*$'", name="action_worded"),
    Index("ix_audit_entry_action", "action", "number"),
    Index("ix_audit_entry_actor", "actor", "number"),
    Index("ix_audit_entry_at", "at"),
    Index("ix_audit_entry_subject", "subject_kind", "subject_id", "number"),
    comment="审计",
)
