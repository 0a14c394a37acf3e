"""Reporters' contacts, sealed and apart; those of refused rows with the row."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False, comment="which key opens it"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="nonce and AES-256-GCM"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("origin in ('web', 'import')", name=op.f("ck_contact_origin_known")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_contact_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_contact")),
        comment="联系方式",
    )
    op.create_index("ix_contact_key_id", "contact", ["key_id"])
    op.add_column(
        "refused_row",
        sa.Column("key_id", sa.Text(), nullable=True, comment="which key opens the contact"),
    )
    op.add_column(
        "refused_row",
        sa.Column("sealed", sa.LargeBinary(), nullable=True, comment="its contact columns"),
    )


def downgrade() -> None:
    op.drop_column("refused_row", "sealed")
    op.drop_column("refused_row", "key_id")
    op.drop_table("contact")
