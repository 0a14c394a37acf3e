"""What is made known to everybody; and issues that were passed on to another grid."""

from pathlib import Path

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0160"
down_revision = "0150"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0160_bulletins.sql"
_RULE = "ck_issue_rule_known"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _rules("'covers', 'border', 'near', 'none', 'passed'")
    op.create_index(
        "ix_issue_passed",
        "issue",
        ["boundary_id"],
        postgresql_where=sa.text("is_open and rule = 'passed'"),
    )
    op.create_table("bulletin", *_columns(), *_checks(), *_keys(), comment="民情发布")
    standing = sa.text("withdrawn_at is null")
    op.create_index(
        "uq_bulletin_issue_id", "bulletin", ["issue_id"], unique=True, postgresql_where=standing
    )
    op.create_index("ix_bulletin_since", "bulletin", ["since", "id"], postgresql_where=standing)
    op.create_index("ix_bulletin_created_at", "bulletin", ["created_at", "id"])
    op.create_index("ix_bulletin_place", "bulletin", ["place"], postgresql_using="gist")
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(SQL.read_text("utf-8"))


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True, comment="null: the whole district"),
        sa.Column("community_code", sa.Text(), nullable=True, comment="null: the whole street"),
        sa.Column(
            "place",
            geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False),
            nullable=True,
            comment="as exactly as everybody may know it",
        ),
        sa.Column("issue_id", sa.BigInteger(), nullable=True, comment="which was solved"),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True, comment="who wrote it"),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
    ]


def _checks() -> list[sa.CheckConstraint]:
    rules = {
        "kind_known": "kind in ('notice', 'solved')",
        "place_sound": "sound_shape(place)",
        "title_short": "length(title) between 1 and 60",
        "text_short": "length(text) between 1 and 2000",
        "area_whole": "community_code is null or street_code is not null",
        "solved_issue": "(kind = 'solved') = (issue_id is not null)",
        "in_order": "until is null or since < until",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_bulletin_{n}")) for n, rule in rules.items()]


def _keys() -> list[sa.Constraint]:
    others = {
        "street_code": "street.code",
        "community_code": "community.code",
        "issue_id": "issue.id",
        "account_id": "account.id",
        "withdrawn_by": "account.id",
    }
    return [
        *(
            sa.ForeignKeyConstraint(
                [own], [other], name=op.f(f"fk_bulletin_{own}_{other.split('.')[0]}")
            )
            for own, other in others.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bulletin_public_id")),
    ]


def _rules(known: str) -> None:
    op.drop_constraint(op.f(_RULE), "issue", type_="check")
    op.create_check_constraint(op.f(_RULE), "issue", f"rule in ({known})")


def downgrade() -> None:
    op.drop_table("bulletin")
    op.execute("drop function own_bulletin")
    op.drop_index("ix_issue_passed", table_name="issue")
    op.execute(
        "update issue set rule = found.rule, grid_id = found.grid_id,"
        " boundary_id = found.boundary_id, border_m = found.border_m"
        " from issue as old, grid_at(old.place) as found"
        " where old.id = issue.id and issue.rule = 'passed'"
    )
    _rules("'covers', 'border', 'near', 'none'")
