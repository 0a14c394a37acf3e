-- What the rule of assignment says of one place, with its evidence.
create type assignment as (
    grid_id integer, boundary_id integer, rule text, border_m double precision,
    runner_up_id integer, runner_up_m double precision, community_code text
);

-- The rule of assignment for one place, as before: at a moment or, without one, at present
-- (geodata.domain.assignment tells the same rule for many places): covers; on a border the
-- lowest code; near, within 30 metres, flagged; none. Uncovered ground is never assigned to.
-- Distances are metres on the local plane of the place. error_m is the place's positional error:
-- the nearest other grid within it is the runner-up.
-- At present most places lie in one grid, farther from its border than their error. All other
-- cells lie behind that border, so none of them covers the place or is its runner-up, and the
-- first cell found is the only one to look at.
-- The generic plan is forced because planning costs ten times the look-up; the general query has
-- two branches because only the present has an index of its own.
create function grid_at(place geometry, moment timestamptz default null,
                        error_m double precision default 0) returns assignment
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
    near_m constant double precision := 30;
    reach_m constant double precision := greatest(error_m, near_m);
    scale record := metres_per_degree(ST_Y(place));
    spot geometry := ST_Scale(place, scale.kx, scale.ky);
    box geometry;
    found assignment;
    covering integer := 0;
    seen integer := 0;
    cell record;
begin
    if moment is null then
        select b.id, b.grid_id,
               ST_Distance(ST_Scale(ST_Boundary(b.shape), scale.kx, scale.ky), spot)
        into found.boundary_id, found.grid_id, found.border_m
        from boundary b
        where upper_inf(b.valid) and b.shape && place and ST_Covers(b.shape, place);
        if found.border_m > error_m then
            select community_code into found.community_code
            from grid where id = found.grid_id and kind <> 'uncovered';
            if found.community_code is not null then
                found.rule := 'covers';
                return found;
            end if;
        end if;
        found := null;
    end if;
    found.rule := 'none';
    box := ST_Expand(place, reach_m / scale.kx, reach_m / scale.ky);
    for cell in
        select b.id, b.grid_id, b.covered, b.border_m, grid.community_code,
               case when b.covered then 0 else b.border_m end as away
        from (
            select present.*, ST_Covers(shape, place) as covered,
                   ST_Distance(ST_Scale(ST_Boundary(shape), scale.kx, scale.ky), spot) as border_m
            from (
                select id, boundary.grid_id, shape from boundary
                where moment is null and upper_inf(valid) and shape && box
                union all
                select id, boundary.grid_id, shape from boundary
                where moment is not null and valid @> moment and shape && box
            ) as present
        ) as b join grid on grid.id = b.grid_id
        where grid.kind <> 'uncovered'
        order by away, grid.code
    loop
        seen := seen + 1;
        if seen = 1 then
            exit when cell.away > near_m;
            found.grid_id := cell.grid_id;
            found.boundary_id := cell.id;
            found.border_m := cell.border_m;
            found.community_code := cell.community_code;
        elsif seen = 2 and cell.away <= error_m then
            found.runner_up_id := cell.grid_id;
            found.runner_up_m := cell.away;
        end if;
        exit when seen > 1 and not cell.covered;
        covering := covering + cell.covered::integer;
    end loop;
    if found.grid_id is not null then
        found.rule := case covering when 0 then 'near' when 1 then 'covers' else 'border' end;
    end if;
    return found;
end $$;

-- An issue without a rule is placed here, race-free against redraws: volatile, so that the look
-- comes after the lock and sees what the publisher before us committed.
create or replace function place_issue() returns trigger language plpgsql volatile as $$
declare
    found assignment;
begin
    new.rule := 'none';
    new.grid_id := null;
    new.boundary_id := null;
    if new.place is null then
        return new;
    end if;
    perform lock_ground_shared();
    found := grid_at(new.place, null, case new.precision
        when 'pin' then 15 when 'door' then 10 when 'building' then 25
        when 'place' then 50 when 'road' then 300 else 0 end);
    new.grid_id := found.grid_id;
    new.boundary_id := found.boundary_id;
    new.rule := found.rule;
    new.border_m := found.border_m;
    new.runner_up_id := found.runner_up_id;
    new.runner_up_m := found.runner_up_m;
    new.community_code := coalesce(found.community_code, new.community_code);
    return new;
end $$;
