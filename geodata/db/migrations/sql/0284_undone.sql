drop trigger community_outline_covers on community;
drop function check_outline();
drop trigger boundary_in_community on boundary;
drop function check_in_community();

-- The check as 0180_exact.sql made it.
create or replace function check_community() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
declare
    missing double precision;
    astray integer;
begin
    select ST_Area(community.shape) - sum(ST_Area(boundary.shape)),
           min(boundary.id) filter (where not ST_Covers(community.shape, boundary.shape))
    into missing, astray
    from community
    join grid on grid.community_code = community.code
    join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    where community.code = new.code and community.revision = new.revision
    group by community.code;
    if missing <> 0 then
        raise exception 'the cells of community % leave % square degrees of its ground open',
            new.code, missing using errcode = '23514';
    end if;
    if astray is not null then
        raise exception 'boundary % leaves the ground of its community', astray
            using errcode = '23514';
    end if;
    if missing is null and new.revision > 0 and exists (
        select from community c
        where c.code = new.code and c.revision = new.revision and c.shape is not null
    ) then
        raise exception 'the cells of community % leave all of its ground open', new.code
            using errcode = '23514';
    end if;
    return null;
end $$;
