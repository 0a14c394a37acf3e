-- The guard as 0003_guard.sql made it.
create or replace function lock_boundary() returns trigger language plpgsql volatile as $$
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

create or replace function bump_revision() returns trigger language plpgsql volatile as $$
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

create or replace function check_filled() returns trigger language plpgsql volatile as $$
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
