"""What residents call a place is told apart from what officials have confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    trusted: sa.Column[bool] = sa.Column(
        "trusted",
        sa.Boolean(),
        server_default=sa.text("true"),
        nullable=False,
        comment="said by an official; else only offered",
    )
    op.add_column("alias", trusted)


def downgrade() -> None:
    op.execute("delete from alias where not trusted")
    op.drop_column("alias", "trusted")
