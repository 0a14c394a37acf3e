"""Gaps in coverage, from when each opened until it closed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0080"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_gap",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="of what has it"),
        sa.Column("community_code", sa.Text(), nullable=True, comment="null where it lies in none"),
        sa.Column("grid_code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("measure", sa.Double(), nullable=False, comment="when it was seen first"),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was kept first",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("kind"), "="),
            (sa.column("code"), "="),
            (sa.column("during"), "&&"),
            using="gist",
            name="ex_coverage_gap_once_at_a_time",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_gap")),
        comment="覆盖缺口沿革",
    )
    op.create_index(
        "ix_coverage_gap_open",
        "coverage_gap",
        ["kind", "code"],
        unique=False,
        postgresql_where=sa.text("upper_inf(during)"),
    )
    op.create_index("ix_coverage_gap_seen_at", "coverage_gap", ["seen_at"], unique=False)
    op.create_index(
        "ix_coverage_gap_during",
        "coverage_gap",
        ["during"],
        unique=False,
        postgresql_using="gist",
    )


def downgrade() -> None:
    op.drop_table("coverage_gap")
