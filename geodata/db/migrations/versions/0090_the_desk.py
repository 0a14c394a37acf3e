"""The desk: how far an issue is, who handles it, the steps it took, and photos."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0090"
down_revision = "0110"
branch_labels = None
depends_on = None

_NUMBER = sa.text("0")
_CHECKS = {
    "supervision": "supervision is null or supervision in ('normal', 'yellow', 'red')",
    "satisfaction": "satisfaction is null or satisfaction in ('good', 'fair', 'bad')",
    "paused": "(paused_status is null) = (status <> 'suspended' or paused_at is null)",
}


def _issue() -> list[sa.Column[object]]:
    moment = sa.DateTime(timezone=True)
    return [
        sa.Column("handler", sa.Text(), nullable=True, comment="department; null: the grid"),
        sa.Column("supervision", sa.Text(), nullable=True),
        sa.Column("satisfaction", sa.Text(), nullable=True),
        sa.Column("extensions", sa.SmallInteger(), server_default=_NUMBER, nullable=False),
        sa.Column("reopenings", sa.SmallInteger(), server_default=_NUMBER, nullable=False),
        sa.Column("paused_status", sa.Text(), nullable=True),
        sa.Column("paused_at", moment, nullable=True),
        sa.Column("paused_due", moment, nullable=True, comment="the deadline when it was paused"),
        sa.Column("resume_by", moment, nullable=True),
        sa.Column("answers", postgresql.JSONB(), nullable=True, comment="诉求答卷"),
        sa.Column(
            "tracking", sa.LargeBinary(), nullable=True, comment="digest of the reporter's code"
        ),
    ]


def _event() -> list[sa.Column[object]]:
    return [
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=True, comment="what was said with it"),
        sa.Column("key", sa.Text(), nullable=True, comment="the client's, so that it counts once"),
        sa.Column("account_id", sa.Integer(), nullable=True),
    ]


def upgrade() -> None:
    for column in _issue():
        op.add_column("issue", column)
    for name, rule in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_issue_{name}_known"), "issue", rule)
    op.create_index("uq_issue_tracking", "issue", ["tracking"], unique=True)
    op.create_index("ix_issue_due", "issue", ["due_at", "id"], postgresql_where=sa.text("is_open"))
    for column in _event():
        op.add_column("issue_event", column)
    op.create_foreign_key(
        op.f("fk_issue_event_account_id_account"), "issue_event", "account", ["account_id"], ["id"]
    )
    op.create_index(
        *("uq_issue_event_key", "issue_event", ["issue_id", "key"]),
        unique=True,
        postgresql_where=sa.text("key is not null"),
    )
    _photos()


def _photos() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("issue_id", sa.BigInteger(), nullable=True, comment="null: not sent yet"),
        sa.Column("kind", sa.Text(), server_default="report", nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256, the file's name"),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind in ('report', 'before', 'after')", name=op.f("ck_photo_kind_known")
        ),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_photo_digest_hex")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_photo_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("public_id", name=op.f("uq_photo_public_id")),
        comment="照片",
    )
    op.create_index("ix_photo_issue_id", "photo", ["issue_id"])
    op.create_index("ix_photo_digest", "photo", ["digest"])
    op.execute("alter table photo enable row level security")
    op.execute(
        "create policy photo_ground on photo using (issue_id is null"
        " or (select current_setting('wangge.ground', true)) = 'all'"
        " or exists (select from issue where issue.id = photo.issue_id)) with check (true)"
    )


def downgrade() -> None:
    op.drop_table("photo")
    op.drop_index("uq_issue_event_key", table_name="issue_event")
    for column in reversed(_event()):
        op.drop_column("issue_event", column.name)
    op.drop_index("ix_issue_due", table_name="issue")
    for column in reversed(_issue()):
        op.drop_column("issue", column.name)
