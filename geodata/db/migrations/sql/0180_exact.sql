-- What is closed, deleted, or made up: a boundary begins as the present one, ends once, and stays.
-- Only uncovered ground that never said anything may go, when a first load puts grids in its place.
create or replace function lock_boundary() returns trigger language plpgsql volatile as $$
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

-- The revisions of the communities and districts that a statement touched go up; the checks at
-- commit look at those alone.
create or replace function bump_revision() returns trigger language plpgsql volatile as $$
declare
    astray integer;
begin
    update community set revision = revision + 1
    where code in (
        select grid.community_code from written join grid on grid.id = written.grid_id);
    update district set revision = revision + 1
    where code in (select distinct district_of(written.grid_id) from written);
    if tg_op <> 'DELETE' then
        select written.id into astray
        from district join written on district_of(written.grid_id) = district.code
        where upper_inf(written.valid) and not ST_Covers(district.shape, written.shape)
        limit 1;
        if astray is not null then
            raise exception 'boundary % leaves the ground of its district', astray
                using errcode = '23514';
        end if;
    end if;
    return null;
end $$;

-- At commit, once a transaction and community: its present cells fill its ground exactly. They lie
-- in it, they do not overlap (see above), and their areas add up to it without any tolerance:
-- coordinates are whole numbers of 2^-23 degree, so twice an area is a whole number of 2^-46 square
-- degrees, and up to some degrees across a double holds every product and sum of ST_Area as it is.
create function check_community() returns trigger language plpgsql volatile as $$
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

create constraint trigger community_filled after update of revision, shape on community
deferrable initially deferred for each row execute function check_community();

-- At commit, once a transaction: the communities that have cells fill the district exactly.
create or replace function check_filled() returns trigger language plpgsql volatile as $$
declare
    missing double precision;
begin
    select ST_Area(district.shape) - sum(ST_Area(community.shape))
    into missing
    from district
    join street on street.district_code = district.code
    join community on community.street_code = street.code
    where district.code = new.code and district.revision = new.revision
        and exists (
            select from grid join boundary on boundary.grid_id = grid.id
            where grid.community_code = community.code and upper_inf(boundary.valid))
    group by district.code;
    if missing <> 0 then
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

-- At commit: an open issue that has a grid stands on its present ground. Asked of every issue that
-- opens or changes its ground, and of every boundary that ends; whoever may see which issue.
create function check_issue_ground() returns trigger
language plpgsql volatile security definer set search_path = public as $$
begin
    if exists (
        select from issue join boundary on boundary.id = issue.boundary_id
        where issue.id = new.id and issue.is_open
            and (not upper_inf(boundary.valid) or boundary.grid_id <> issue.grid_id)
    ) then
        raise exception 'issue % is open on ground that is no more', new.id
            using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger issue_on_present_ground
after insert or update of status, grid_id, boundary_id on issue
deferrable initially deferred for each row
when (new.is_open and new.boundary_id is not null) execute function check_issue_ground();

create function check_left_issues() returns trigger
language plpgsql volatile security definer set search_path = public as $$
declare
    left_behind bigint;
begin
    select id into left_behind from issue
    where grid_id = new.grid_id and is_open and boundary_id = new.id limit 1;
    if left_behind is not null then
        raise exception 'issue % is open on ground that is no more', left_behind
            using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger boundary_leaves_no_issue after update of valid on boundary
deferrable initially deferred for each row
when (not upper_inf(new.valid)) execute function check_left_issues();

-- A grid is known by its code for ever; and it is no more only once its ground is another's.
create function keep_grid() returns trigger language plpgsql as $$
begin
    raise exception 'grid % keeps its code and its community', old.id using errcode = '23514';
end $$;

create trigger grid_kept before update of code, community_code on grid for each row
when (new.code is distinct from old.code or new.community_code <> old.community_code)
execute function keep_grid();

create function check_retired() returns trigger language plpgsql volatile as $$
begin
    if exists (
        select from grid join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
        where grid.id = new.id and grid.retired_at is not null
    ) then
        raise exception 'grid % is no more but still has ground', new.id using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger grid_retired_without_ground after update of retired_at on grid
deferrable initially deferred for each row
when (new.retired_at is not null) execute function check_retired();

-- Which grid came from which, and what a plan went through, are only added to.
create trigger grid_lineage_append_only before update or delete on grid_lineage
for each row execute function refuse_change();
create trigger grid_lineage_no_truncate before truncate on grid_lineage
for each statement execute function refuse_change();
create trigger redraw_move_append_only before update or delete on redraw_move
for each row execute function refuse_change();
create trigger redraw_move_no_truncate before truncate on redraw_move
for each statement execute function refuse_change();

-- Whether a published plan was taken back by one that still holds: a rollback that was itself
-- taken back leaves the plan in force.
create function is_taken_back(plan integer) returns boolean
language plpgsql stable strict as $$
begin
    return exists (
        select from redraw_plan taker
        where taker.undo_of = plan and taker.state = 'published' and not is_taken_back(taker.id));
end $$;
