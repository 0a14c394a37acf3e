-- The district that a grid belongs to.
create function district_of(grid integer) returns text
language sql stable strict as $$
    select street.district_code
    from grid g join community on community.code = g.community_code
    join street on street.code = community.street_code
    where g.id = grid
$$;

-- The lock that every writer of boundaries holds until it commits: one a district.
create function lock_ground(district text) returns void
language sql volatile strict as $$
    select pg_advisory_xact_lock(hashtext('ground'), hashtext(district))
$$;

-- The same lock, shared: placing an issue waits for a redraw that is being published. It is taken
-- for every district of the store: to read their outlines would cost more than the look-up.
create function lock_ground_shared() returns void language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext('ground'), hashtext(code)) from district;
end $$;

-- Before each written boundary: take the lock, and let history only be closed, never altered.
create function lock_boundary() returns trigger language plpgsql volatile as $$
begin
    if tg_op <> 'INSERT' then
        perform lock_ground(district_of(old.grid_id));
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    perform lock_ground(district_of(new.grid_id));
    if tg_op = 'UPDATE' and (
        not ST_OrderingEquals(new.shape, old.shape) or new.grid_id <> old.grid_id
        or lower(new.valid) <> lower(old.valid) or not upper_inf(old.valid)
    ) then
        raise exception 'a boundary can only be closed, never altered (boundary %)', old.id
            using errcode = '23514';
    end if;
    if not (select multipart from grid where id = new.grid_id)
        and (select kind from grid where id = new.grid_id) <> 'uncovered'
        and ST_NumGeometries(new.shape) > 1 then
        raise exception 'grid % must be one piece', new.grid_id using errcode = '23514';
    end if;
    return new;
end $$;

create trigger boundary_lock before insert or update or delete on boundary
for each row execute function lock_boundary();

-- After each statement: the revision of the districts it touched goes up, so that a writer with
-- an older snapshot (REPEATABLE READ) fails safe; and new ground must lie inside the district.
create function bump_revision() returns trigger language plpgsql volatile as $$
declare
    astray integer;
begin
    update district set revision = revision + 1
    where code in (select distinct district_of(written.grid_id) from written);
    if tg_op <> 'DELETE' then
        select written.id into astray
        from district join written on district_of(written.grid_id) = district.code
        where upper_inf(written.valid) and not ST_CoveredBy(written.shape, district.shape)
        limit 1;
        if astray is not null then
            raise exception 'boundary % leaves the ground of its district', astray
                using errcode = '23514';
        end if;
    end if;
    return null;
end $$;

create trigger boundary_bump_insert after insert on boundary
referencing new table as written for each statement execute function bump_revision();
create trigger boundary_bump_update after update on boundary
referencing new table as written for each statement execute function bump_revision();
create trigger boundary_bump_delete after delete on boundary
referencing old table as written for each statement execute function bump_revision();

-- At commit, under the lock: no two boundaries overlap at any moment both are valid.
create function check_overlap() returns trigger language plpgsql volatile as $$
declare
    other integer;
begin
    select x.id into other
    from boundary r join boundary x
        on x.id <> r.id and x.valid && r.valid and x.shape && r.shape
        and ST_Relate(x.shape, r.shape, 'T********')
    where r.id = new.id
    limit 1;
    if other is not null then
        raise exception 'boundary % overlaps boundary %', new.id, other using errcode = '23P01';
    end if;
    return null;
end $$;

create constraint trigger boundary_no_overlap after insert or update on boundary
deferrable initially deferred for each row execute function check_overlap();

-- At commit, once a transaction: the present cells fill the district's ground. Their areas add
-- up to it within its outline's length times one lattice step; overlap is refused above.
create function check_filled() returns trigger language plpgsql volatile as $$
declare
    missing double precision;
    tolerance double precision;
begin
    select ST_Area(district.shape) - sum(ST_Area(boundary.shape)),
           ST_Perimeter(district.shape) * 2 ^ -23
    into missing, tolerance
    from district
    join street on street.district_code = district.code
    join community on community.street_code = street.code
    join grid on grid.community_code = community.code
    join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    where district.code = new.code and district.revision = new.revision
    group by district.code;
    if abs(missing) > tolerance then
        raise exception 'the cells of district % leave % square degrees of its ground open',
            new.code, missing using errcode = '23514';
    end if;
    if missing is null and new.revision > 0 and exists (
        select 1 from district d where d.code = new.code and d.revision = new.revision
    ) then
        raise exception 'district % has no present cell left', new.code using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger district_filled after update on district
deferrable initially deferred for each row execute function check_filled();

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'table % is append-only', tg_table_name using errcode = '42501';
end $$;

create trigger boundary_no_truncate before truncate on boundary
for each statement execute function refuse_change();
create trigger issue_event_append_only before update or delete on issue_event
for each row execute function refuse_change();
create trigger issue_event_no_truncate before truncate on issue_event
for each statement execute function refuse_change();

-- An issue without a rule is placed here, race-free against redraws: volatile, so that the look
-- comes after the lock and sees what the publisher before us committed.
create function place_issue() returns trigger language plpgsql volatile as $$
declare
    error_m double precision := case new.precision
        when 'pin' then 15 when 'door' then 10 when 'building' then 25
        when 'place' then 50 when 'road' then 300 else 0 end;
begin
    if new.place is null then
        new.rule := 'none';
        new.grid_id := null;
        new.boundary_id := null;
        return new;
    end if;
    perform lock_ground_shared();
    select g.grid_id, g.boundary_id, g.rule, g.border_m, g.runner_up_id, g.runner_up_m
    into new.grid_id, new.boundary_id, new.rule, new.border_m, new.runner_up_id, new.runner_up_m
    from grid_at(new.place, null, error_m) as g;
    if new.grid_id is not null then
        select community_code into new.community_code from grid where id = new.grid_id;
    end if;
    return new;
end $$;

create trigger issue_place before insert on issue
for each row when (new.rule is null) execute function place_issue();
create trigger issue_moved before update of place on issue
for each row when (new.place is distinct from old.place) execute function place_issue();
