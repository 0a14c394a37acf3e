"""The figures of a day know who served several grids, so that each is counted once in an area."""

import sqlalchemy as sa
from alembic import op

revision = "0380"
down_revision = "0370"
branch_labels = None
depends_on = None

# As the posts tell it for the end of each day that was kept.
SHARED = """
    with told as (
        select community_code, day, code, row - 1 as row,
            least(now(), timezone('Asia/Shanghai', (day + 1)::timestamp)
                - interval '1 microsecond') as at
        from coverage_figures
        cross join jsonb_array_elements_text(grids -> 'codes') with ordinality as one (code, row)
    ), served as (
        select distinct told.community_code, told.day, told.row, told.at, post.worker_id
        from told join grid using (code)
        join post on post.grid_id = grid.id and post.during @> told.at
    ), shared as (
        select community_code, day,
            jsonb_agg(jsonb_build_array(worker_id, row) order by worker_id, row) as pairs
        from served where exists (
            select from post where post.worker_id = served.worker_id and post.during @> served.at
            having count(distinct post.grid_id) > 1)
        group by community_code, day
    )
    update coverage_figures set grids = grids || jsonb_build_object('shared', pairs)
    from shared where shared.community_code = coverage_figures.community_code
        and shared.day = coverage_figures.day
"""


def upgrade() -> None:
    op.execute(sa.text(SHARED))


def downgrade() -> None:
    op.execute("update coverage_figures set grids = grids - 'shared' where grids ? 'shared'")
