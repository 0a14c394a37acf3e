"""The district of a grid by three look-ups, whatever the planner believes of the tables.

As one join it was read in the wrong order while the statistics told of empty tables, as they do
after a load that was taken back: two thousand grids then took minutes instead of seconds.
"""

from alembic import op

revision = "0110"
down_revision = "0100"
branch_labels = None
depends_on = None

BY_LOOK_UP = """
create or replace function district_of(grid integer) returns text
language sql stable strict as $$
    select street.district_code from street where street.code = (
        select community.street_code from community where community.code = (
            select g.community_code from grid g where g.id = grid))
$$
"""
BY_JOIN = """
create or replace function district_of(grid integer) returns text
language sql stable strict as $$
    select street.district_code
    from grid g join community on community.code = g.community_code
    join street on street.code = community.street_code
    where g.id = grid
$$
"""


def upgrade() -> None:
    op.execute(BY_LOOK_UP)


def downgrade() -> None:
    op.execute(BY_JOIN)
