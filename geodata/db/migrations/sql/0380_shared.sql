-- Who served several grids at the end of each day that was kept, as the posts tell it.
with told as (
    select community_code, day, code, row - 1 as row,
        least(now(), timezone('Asia/Shanghai', cast(day + 1 as timestamp))
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
    and shared.day = coverage_figures.day;
