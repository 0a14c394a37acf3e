-- At commit, once a transaction and community: its present cells fill its ground exactly. They do
-- not overlap (check_overlap), they lie in it (check_in_community and check_outline), and their
-- areas add up to it without any tolerance: coordinates are whole numbers of 2^-23 degree, so twice
-- an area is a whole number of 2^-46 square degrees, and up to some degrees across a double holds
-- every product and sum of ST_Area as it is.
create or replace function check_community() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
declare
    missing double precision;
begin
    select ST_Area(community.shape) - sum(ST_Area(boundary.shape))
    into missing
    from community
    join grid on grid.community_code = community.code
    join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    where community.code = new.code and community.revision = new.revision
    group by community.code;
    if missing <> 0 then
        raise exception 'the cells of community % leave % square degrees of its ground open',
            new.code, missing using errcode = '23514';
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

-- At commit, of every cell that is new: it lies in its community. One that was there before lay in
-- it then, and still does while the outline is what it was; else see check_outline.
create function check_in_community() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    if exists (
        select from boundary
        join grid on grid.id = boundary.grid_id
        join community on community.code = grid.community_code
        where boundary.id = new.id and upper_inf(boundary.valid)
            and not ST_Covers(community.shape, boundary.shape)
    ) then
        raise exception 'boundary % leaves the ground of its community', new.id
            using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger boundary_in_community after insert on boundary
deferrable initially deferred for each row execute function check_in_community();

-- At commit, of every outline that changed: the present cells still lie in it. Those whose box
-- meets a segment that the outline won or lost are compared with it as a whole. Every other one
-- lay in the outline before; no segment of that one crosses it, and so none that stayed; and the
-- segments that are new do not come near it. So each of its parts lies inside as a whole or
-- outside as a whole, which one point within tells. Of an outline that changed more than once,
-- each change is looked at, and cells are always compared with the last.
create function check_outline() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
declare
    astray integer;
begin
    with before as (
        select (ST_DumpSegments(old.shape)).geom as segment
    ), after as (
        select (ST_DumpSegments(new.shape)).geom as segment
    ), changed as (
        (select segment from before except select segment from after)
        union all
        (select segment from after except select segment from before)
    ), met as (
        select boundary.id
        from changed join boundary on boundary.shape && changed.segment
        join grid on grid.id = boundary.grid_id and grid.community_code = new.code
        where upper_inf(boundary.valid)
        union
        select boundary.id
        from boundary join grid on grid.id = boundary.grid_id
        where old.shape is null and upper_inf(boundary.valid) and grid.community_code = new.code
    )
    select min(boundary.id) into astray
    from community
    join grid on grid.community_code = community.code
    join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    where community.code = new.code and not case
        when boundary.id in (select id from met) then ST_Covers(community.shape, boundary.shape)
        else (
            select bool_and(ST_Covers(community.shape, ST_PointOnSurface(part.geom)))
            from ST_Dump(boundary.shape) part)
        end;
    if astray is not null then
        raise exception 'boundary % leaves the ground of its community', astray
            using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger community_outline_covers after update of shape on community
deferrable initially deferred for each row
when (new.shape is distinct from old.shape) execute function check_outline();
