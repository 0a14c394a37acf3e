"""The letters that tickets begin with, so that a number is found without them."""

from alembic import op

revision = "0320"
down_revision = "0300"
branch_labels = None
depends_on = None

# Told to whoever asks, whatever ground is his: without this right a row would be sought that he may
# see, through all those that he may not. Each step leaps over all tickets of the same letters.
_MADE = """
    create function ticket_letters() returns setof text
    language sql stable security definer parallel safe set search_path = public, pg_temp as $$
        with recursive head(letters) as (
            (select substring(ticket from '^[^0-9]*') from issue order by ticket using ~<~ limit 1)
            union all
            select substring(later.ticket from '^[^0-9]*') from head cross join lateral (
                select ticket from issue where ticket ~>~ (head.letters || ':')
                order by ticket using ~<~ limit 1
            ) as later
        )
        select letters from head limit 100
    $$
"""


def upgrade() -> None:
    op.execute(_MADE)


def downgrade() -> None:
    op.execute("drop function ticket_letters()")
