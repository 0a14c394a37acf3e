"""Accounts, grants, sessions and tries to sign in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0014"
branch_labels = None
depends_on = None

ROLES = (
    "'worker', 'grid_head', 'group_leader', 'secretary', 'dispatcher', 'checker', 'department',"
    " 'street', 'district', 'auditor', 'administrator'"
)


def upgrade() -> None:
    _account()
    _grant()
    _session()
    _tries()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)


def _moment(name: str, *, nullable: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, nullable=nullable, server_default=default)


def _account() -> None:
    op.create_table(
        "account",
        _id(),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("login", sa.Text(), nullable=False, comment="in lower case"),
        sa.Column("name", sa.Text(), nullable=False, comment="shown to colleagues"),
        sa.Column(
            "password_hash", sa.Text(), comment="argon2id; null where only single sign-on opens it"
        ),
        sa.Column("must_change", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, comment="the password"),
        sa.Column("totp_secret", sa.Text(), comment="encrypted; null without a second factor"),
        sa.Column(
            "totp_used",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="last time step",
        ),
        sa.Column("subject", sa.Text(), comment="who this is to the single sign-on"),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        _moment("created_at", now=True),
        _moment("disabled_at", nullable=True),
        sa.CheckConstraint(
            "login = lower(login) and length(login) between 2 and 64",
            name=op.f("ck_account_login_plain"),
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["grid_worker.id"], name=op.f("fk_account_worker_id_grid_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
        sa.UniqueConstraint("subject", name=op.f("uq_account_subject")),
        sa.UniqueConstraint("worker_id", name=op.f("uq_account_worker_id")),
        comment="账号",
    )


def _grant() -> None:
    op.create_table(
        "account_grant",
        _id(),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column(
            "scope",
            sa.Text(),
            nullable=False,
            comment="a code and all below it; empty is everything",
        ),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("deputy_of", sa.Integer(), comment="who is on leave"),
        sa.Column("granted_by", sa.Integer()),
        _moment("granted_at", now=True),
        sa.CheckConstraint(f"role in ({ROLES})", name=op.f("ck_account_grant_role_known")),
        sa.CheckConstraint(
            "not isempty(during) and not lower_inf(during)",
            name=op.f("ck_account_grant_during_bounded"),
        ),
        sa.CheckConstraint(
            "deputy_of is null or (not upper_inf(during) and deputy_of <> account_id)",
            name=op.f("ck_account_grant_deputy_until_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_grant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_of"], ["account.id"], name=op.f("fk_account_grant_deputy_of_account")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["account.id"], name=op.f("fk_account_grant_granted_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grant")),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("role"), "="),
            (sa.column("scope"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("deputy_of is null"),
            using="gist",
            name="ex_account_grant_once_at_a_time",
        ),
        comment="授权",
    )
    op.create_index("ix_account_grant_account_id", "account_grant", ["account_id"])
    op.create_index("ix_account_grant_deputy_of", "account_grant", ["deputy_of"])


def _session() -> None:
    op.create_table(
        "session",
        _id(),
        sa.Column(
            "token_hash", sa.Text(), nullable=False, comment="SHA-256 of what the cookie holds"
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("seen_at"),
        _moment("expires_at"),
        _moment("revoked_at", nullable=True),
        sa.Column(
            "awaiting_code",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="opens nothing until the second factor was given",
        ),
        sa.Column(
            "address",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="from where, as we saw it",
        ),
        sa.Column(
            "agent", sa.Text(), server_default="", nullable=False, comment="with which browser"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
        comment="登录会话",
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])


def _tries() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column(
            "login_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256: what was typed may be a password",
        ),
        _moment("at"),
        sa.Column("outcome", sa.Text(), server_default="open", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "outcome in ('open', 'failed', 'good', 'locked', 'forgiven')",
            name=op.f("ck_sign_in_attempt_outcome_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        comment="登录尝试",
    )
    op.create_index("ix_sign_in_attempt_login_hash", "sign_in_attempt", ["login_hash", "at"])
    op.create_table(
        "recovery_code",
        _id(),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        _moment("used_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        comment="恢复码",
    )
    op.create_index(
        "ix_recovery_code_account_id", "recovery_code", ["account_id", "code_hash"], unique=True
    )


def downgrade() -> None:
    for table in ("recovery_code", "sign_in_attempt", "session", "account_grant", "account"):
        op.drop_table(table)
