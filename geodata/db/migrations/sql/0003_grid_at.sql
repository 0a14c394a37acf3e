-- Metres that one degree of longitude and latitude measure at a latitude, on the WGS 84
-- ellipsoid: (pi/180) N cos(lat) and (pi/180) M, with the radii of curvature N and M.
create function metres_per_degree(lat double precision, out kx double precision,
                                  out ky double precision)
language plpgsql immutable strict parallel safe as $$
declare
    w double precision := sqrt(1 - 0.0066943799901413165 * sin(radians(lat)) ^ 2);
begin
    kx := radians(1) * 6378137 * cos(radians(lat)) / w;
    ky := radians(1) * 6378137 * (1 - 0.0066943799901413165) / w ^ 3;
end $$;

-- The rule of assignment for one place, with its evidence, at a moment or, without one, at
-- present (geodata.domain.assignment tells the same rule for many places): covers; on a border
-- the lowest code; near, within 30 metres, flagged; none. Uncovered ground is never assigned to.
-- Distances are metres on the local plane of the place. error_m is the place's positional error:
-- the nearest other grid within it is the runner-up.
-- The generic plan is forced because planning costs ten times the look-up; the query has two
-- branches because only the present has an index of its own.
create function grid_at(place geometry, moment timestamptz default null,
                        error_m double precision default 0)
returns table (grid_id integer, boundary_id integer, rule text, border_m double precision,
               runner_up_id integer, runner_up_m double precision)
language plpgsql stable rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    near_m constant double precision := 30;
    reach_m constant double precision := greatest(error_m, near_m);
    scale record := metres_per_degree(ST_Y(place));
    spot geometry := ST_Scale(place, scale.kx, scale.ky);
    box geometry := ST_Expand(place, reach_m / scale.kx, reach_m / scale.ky);
    covering integer := 0;
    seen integer := 0;
    cell record;
begin
    rule := 'none';
    for cell in
        select b.id, b.grid_id, b.covered, b.border_m,
               case when b.covered then 0 else b.border_m end as away
        from (
            select present.*, ST_Covers(shape, place) as covered,
                   ST_Distance(ST_Scale(ST_Boundary(shape), scale.kx, scale.ky), spot) as border_m
            from (
                select id, grid_id, shape from boundary
                where moment is null and upper_inf(valid) and shape && box
                union all
                select id, grid_id, shape from boundary
                where moment is not null and valid @> moment and shape && box
            ) as present
        ) as b join grid on grid.id = b.grid_id
        where grid.kind <> 'uncovered'
        order by away, grid.code
    loop
        seen := seen + 1;
        if seen = 1 then
            exit when cell.away > near_m;
            grid_id := cell.grid_id;
            boundary_id := cell.id;
            border_m := cell.border_m;
        elsif seen = 2 and cell.away <= error_m then
            runner_up_id := cell.grid_id;
            runner_up_m := cell.away;
        end if;
        exit when seen > 1 and not cell.covered;
        covering := covering + cell.covered::integer;
    end loop;
    if grid_id is not null then
        rule := case covering when 0 then 'near' when 1 then 'covers' else 'border' end;
    end if;
    return next;
end $$;
