drop trigger community_outline on community;
drop trigger street_outline on street;
drop trigger district_outline on district;
drop function keep_outline();
drop function is_narrow(geometry, geometry);
drop trigger community_revision on community;
drop trigger district_revision on district;
drop function keep_revision();
drop trigger boundary_by_plan on boundary;
drop function check_plan();
drop trigger boundary_whole on boundary;
drop function note_whole();
drop trigger boundary_moment on boundary;
drop function keep_moment();

-- The guard as 0180_exact.sql made it.
create or replace function lock_boundary() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    if tg_op <> 'INSERT' then
        perform lock_ground(district_of(old.grid_id));
    end if;
    if tg_op = 'DELETE' then
        if not upper_inf(old.valid)
            or (select kind from grid where id = old.grid_id) <> 'uncovered' then
            raise exception 'a boundary is history and never deleted (boundary %)', old.id
                using errcode = '23514';
        end if;
        return old;
    end if;
    perform lock_ground(district_of(new.grid_id));
    if tg_op = 'INSERT' and not upper_inf(new.valid) then
        raise exception 'a boundary begins as the present one (grid %)', new.grid_id
            using errcode = '23514';
    end if;
    if tg_op = 'UPDATE' and (
        not ST_OrderingEquals(new.shape, old.shape) or new.grid_id <> old.grid_id
        or lower(new.valid) <> lower(old.valid) or not upper_inf(old.valid)
        or new.id <> old.id or new.plan_id is distinct from old.plan_id
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

drop function is_lesser();
