-- Metres that one degree of longitude and latitude measure at a latitude, on the WGS 84
-- ellipsoid: (pi/180) N cos(lat) and (pi/180) M, with the radii of curvature N and M.
create function metres_per_degree(lat double precision, out kx double precision,
                                  out ky double precision)
language sql immutable strict parallel safe as $$
    select radians(1) * 6378137 * cos(radians(lat)) / w,
           radians(1) * 6378137 * (1 - 0.0066943799901413165) / w ^ 3
    from (select sqrt(1 - 0.0066943799901413165 * sin(radians(lat)) ^ 2) as w) as ellipsoid
$$;

-- A place in no grid belongs to the nearest one within this many metres.
create function near_tolerance_m() returns double precision
language sql immutable parallel safe as $$ select 30.0::double precision $$;

-- The cells (uncovered ground aside) that may lie within reach_m metres of a place, at a moment
-- or, without one, at present; the two branches exist because only the present has its own index.
create function cells_within(place geometry, moment timestamptz, reach_m double precision)
returns table (boundary_id integer, grid_id integer, code text, shape geometry)
language sql stable parallel safe as $$
    with frame as (
        select ST_Expand(place, reach_m / kx, reach_m / ky) as box
        from metres_per_degree(ST_Y(place))
    ), cell as (
        select b.id, b.grid_id, b.shape from boundary b, frame
        where moment is null and upper_inf(b.valid) and b.shape && frame.box
        union all
        select b.id, b.grid_id, b.shape from boundary b, frame
        where moment is not null and b.valid @> moment and b.shape && frame.box
    )
    select cell.id, cell.grid_id, grid.code, cell.shape
    from cell join grid on grid.id = cell.grid_id
    where grid.kind <> 'uncovered'
$$;

-- The rule of assignment for one place, with its evidence (geodata.domain.assignment tells the
-- same rule for many): covers; on a border the lowest code; near, within tolerance; none.
-- Distances are metres on the local plane of the place. error_m is the place's positional error:
-- the nearest other grid within it is the runner-up.
create function grid_at(place geometry, moment timestamptz default null,
                        error_m double precision default 0)
returns table (grid_id integer, boundary_id integer, rule text, border_m double precision,
               runner_up_id integer, runner_up_m double precision)
language sql stable rows 1 as $$
    with scale as (
        select kx, ky, ST_Scale(place, kx, ky) as spot
        from metres_per_degree(ST_Y(place))
    ), measured as (
        select cell.boundary_id, cell.grid_id, cell.code, ST_Covers(cell.shape, place) as covered,
               ST_Distance(ST_Scale(ST_Boundary(cell.shape), kx, ky), spot) as border_m
        from cells_within(place, moment, greatest(error_m, near_tolerance_m())) as cell, scale
    ), ranked as (
        select *, case when covered then 0 else measured.border_m end as away,
               row_number() over (
                   order by case when covered then 0 else measured.border_m end, code) as rank,
               count(*) filter (where covered) over () as covering
        from measured
    )
    select case when home.away <= near_tolerance_m() then home.grid_id end,
           case when home.away <= near_tolerance_m() then home.boundary_id end,
           case when home.away is null or home.away > near_tolerance_m() then 'none'
                when home.covering = 0 then 'near'
                when home.covering = 1 then 'covers'
                else 'border' end,
           case when home.away <= near_tolerance_m() then home.border_m end,
           case when home.away <= near_tolerance_m() then other.grid_id end,
           case when home.away <= near_tolerance_m() then other.away end
    from (values (1)) as one
    left join ranked as home on home.rank = 1
    left join ranked as other on other.rank = 2 and other.away <= error_m
$$;
