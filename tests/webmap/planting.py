"""What the demo district lacks and several tests plant."""

from sqlalchemy import text

LADEN = text("""
    with size as (
        select grid_id, sum(households) as households from building
        where kind = 'building' group by grid_id
    ), lone as (
        select grid.id, community_code as home, households, min(worker_id) as worker
        from grid join size on size.grid_id = grid.id join post on post.grid_id = grid.id
        where grid.kind <> 'uncovered' and during @> now()
        group by grid.id, community_code, households having count(*) = 1
    ), pair as (
        select large.worker, small.id as grid, home from lone large join lone small using (home)
        where large.id <> small.id and large.households + small.households > 500
            and large.households <= 500 and exists (
                select from lone as beside where beside.home = home
                    and beside.id not in (large.id, small.id)
                    and beside.households + small.households <= 500)
        order by small.households, small.id, large.id limit 1
    )
    update post set worker_id = pair.worker from pair
    where post.grid_id = pair.grid and during @> now()
    returning post.worker_id as worker, pair.home
""")
"""A worker serves a second grid, more than the band allows, which somebody beside could take."""
