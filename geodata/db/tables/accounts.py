"""Who signs in: accounts with their grants, sessions, tries to sign in, and recovery codes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint

from geodata.db.tables.base import among, identity, metadata
from geodata.domain.roles import Role

account = Table(
    "account",
    metadata,
    identity(),
    Column(
        "public_id", Uuid, nullable=False, unique=True, server_default=text("gen_random_uuid()")
    ),
    Column("login", Text, nullable=False, unique=True, comment="in lower case"),
    Column("name", Text, nullable=False, comment="shown to colleagues"),
    Column("department", Text, comment="处置部门 to which the person belongs"),
    Column("password_hash", Text, comment="argon2id; null where only single sign-on opens it"),
    Column("must_change", Boolean, nullable=False, server_default=text("false")),
    Column("changed_at", DateTime(timezone=True), nullable=False, comment="the password"),
    Column("totp_secret", Text, comment="encrypted; null without a second factor"),
    Column("totp_used", BigInteger, nullable=False, server_default="0", comment="last time step"),
    Column("subject", Text, unique=True, comment="who this is to the single sign-on"),
    Column("worker_id", ForeignKey("grid_worker.id"), unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("disabled_at", DateTime(timezone=True)),
    CheckConstraint("login = lower(login) and length(login) between 2 and 64", name="login_plain"),
    comment="账号",
)

account_grant = Table(
    "account_grant",
    metadata,
    identity(),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False, comment="a code and all below it; empty is everything"),
    Column("during", TSTZRANGE, nullable=False),
    Column("deputy_of", ForeignKey("account.id"), index=True, comment="who is on leave"),
    Column("granted_by", ForeignKey("account.id")),
    Column("granted_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    among("role", *Role),
    CheckConstraint("not isempty(during) and not lower_inf(during)", name="during_bounded"),
    CheckConstraint(
        "deputy_of is null or (not upper_inf(during) and deputy_of <> account_id)",
        name="deputy_until_a_day",
    ),
    ExcludeConstraint(
        ("account_id", "="),
        ("role", "="),
        ("scope", "="),
        ("during", "&&"),
        where=text("deputy_of is null"),
        name="ex_account_grant_once_at_a_time",
    ),
    comment="授权",
)

account_session = Table(
    "session",
    metadata,
    identity(),
    Column(
        "token_hash", Text, nullable=False, unique=True, comment="SHA-256 of what the cookie holds"
    ),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column(
        "awaiting_code",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="opens nothing until the second factor was given",
    ),
    Column("address", Text, nullable=False, server_default="", comment="from where, as we saw it"),
    Column("agent", Text, nullable=False, server_default="", comment="with which browser"),
    comment="登录会话",
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("login_hash", Text, nullable=False, comment="SHA-256: what was typed may be a password"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False, server_default="open"),
    Column("address", Text, nullable=False, server_default=""),
    among("outcome", "open", "failed", "good", "locked", "forgiven"),
    Index("ix_sign_in_attempt_login_hash", "login_hash", "at"),
    comment="登录尝试",
)

recovery_code = Table(
    "recovery_code",
    metadata,
    identity(),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Index("ix_recovery_code_account_id", "account_id", "code_hash", unique=True),
    comment="恢复码",
)
