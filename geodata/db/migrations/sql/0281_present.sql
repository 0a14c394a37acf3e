-- Whether who writes is a lesser role than the owner of the store, as the web's is.
create function is_lesser() returns boolean
language sql stable set search_path = public, pg_temp as $$
    select not pg_has_role(current_user, relowner, 'usage')
    from pg_class where oid = 'public.boundary'::regclass
$$;

-- What is closed, deleted, or made up: a boundary begins as the present one, ends once, and stays;
-- at each moment it is either in force or not. Only uncovered ground that never said anything may
-- go, when a first load puts grids in its place.
-- Who ends a boundary holds its row against all that stand on it: whoever gives it to an issue
-- has locked the row for its key (the foreign key does), and each waits for the other and then
-- sees what became of it. That needs a look at the present, not at a snapshot.
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
    if not lower_inc(new.valid) or upper_inc(new.valid) then
        raise exception 'a boundary is valid from a moment up to another (grid %)', new.grid_id
            using errcode = '23514';
    end if;
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
    if tg_op = 'UPDATE' and not upper_inf(new.valid) then
        if current_setting('transaction_isolation') <> 'read committed' then
            raise exception 'could not serialize: a boundary ends in READ COMMITTED alone'
                using errcode = '40001';
        end if;
        perform from boundary where id = old.id for update;
    end if;
    if not (select multipart from grid where id = new.grid_id)
        and (select kind from grid where id = new.grid_id) <> 'uncovered'
        and ST_NumGeometries(new.shape) > 1 then
        raise exception 'grid % must be one piece', new.grid_id using errcode = '23514';
    end if;
    return new;
end $$;

-- A lesser role changes the ground at present: no boundary ends or begins but at a moment of this
-- transaction, shortly before by the clock of the database. All of one change is of one moment,
-- so that at no moment of the past there is a gap: before a transaction goes on to a later one,
-- the ground must have been whole again.
create function keep_moment() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    own constant bigint := pg_current_xact_id()::text::bigint;
    moment timestamptz;
    known record;
begin
    if tg_op = 'DELETE' then
        raise exception 'a boundary is history and never deleted (boundary %)', old.id
            using errcode = '23514';
    end if;
    moment := case tg_op when 'INSERT' then lower(new.valid) else upper(new.valid) end;
    if tg_op = 'UPDATE' and moment is null then
        return new;
    end if;
    if moment is null or moment > clock_timestamp() or moment < greatest(
            transaction_timestamp(), clock_timestamp() - interval '2 minutes') then
        raise exception 'a boundary ends and begins at present, not at %', moment
            using errcode = '23514';
    end if;
    select at, whole into known from ground_change where written_by = own;
    if moment < known.at or moment > known.at and not known.whole then
        raise exception 'a change of the ground is of one moment, not of % and %',
            known.at, moment using errcode = '23514';
    end if;
    if known.at is distinct from moment or known.whole then
        insert into ground_change (written_by, at, whole) values (own, moment, false)
        on conflict (written_by) do update set at = excluded.at, whole = false;
    end if;
    return new;
end $$;

create trigger boundary_moment before insert or update or delete on boundary
for each row when (is_lesser()) execute function keep_moment();

-- After boundaries began: whether the ground is whole, as far as areas tell; see check_filled.
create function note_whole() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    update ground_change set whole = not exists (
        select from district where ST_Area(shape) is distinct from (
            select sum(ST_Area(boundary.shape))
            from street
            join community on community.street_code = street.code
            join grid on grid.community_code = community.code
            join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
            where street.district_code = district.code))
    where written_by = pg_current_xact_id()::text::bigint;
    return null;
end $$;

create trigger boundary_whole after insert on boundary
for each statement when (is_lesser()) execute function note_whole();

-- At commit: and it begins by the plan that was published at that moment.
create function check_plan() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from redraw_plan
        where id = new.plan_id and state = 'published' and published_at = lower(new.valid)
    ) then
        raise exception 'boundary % begins by no plan that is published', new.id
            using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger boundary_by_plan after insert on boundary
deferrable initially deferred for each row when (is_lesser()) execute function check_plan();

-- The revision tells the checks at commit what they have to look at.
create function keep_revision() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    raise exception 'the revision of % only goes up', new.code using errcode = '23514';
end $$;

create trigger district_revision before update of revision on district
for each row when (new.revision < old.revision) execute function keep_revision();
create trigger community_revision before update of revision on community
for each row when (new.revision < old.revision) execute function keep_revision();

-- A lesser role moves no outline of an area: a plan that sets a vertex on one shifts it by less
-- than a step of the lattice, so what an outline wins and loses is narrower than two.
-- What two outlines differ by is bounded by the segments that one of them has alone, and of those
-- each connected lot bounds what lies within its box: there alone the two are compared, and as a
-- whole where they differ in very many (as where a ring runs the other way round).
create function is_narrow(one geometry, other geometry) returns boolean
language sql immutable parallel safe as $$
    with before as (
        select (ST_DumpSegments(one)).geom as segment
    ), after as (
        select (ST_DumpSegments(other)).geom as segment
    ), changed as (
        (select segment from before except select segment from after)
        union all
        (select segment from after except select segment from before)
    ), lot as (
        select ST_Expand(Box2D(unnest(ST_ClusterIntersecting(segment))), 2 ^ -21) as box
        from changed where (select count(*) from changed) <= 2000
        union all
        select ST_Expand(Box2D(ST_Collect(one, other)), 1)
        where (select count(*) from changed) > 2000
    ), differing as (
        select ST_SymDifference(ST_ClipByBox2D(one, box), ST_ClipByBox2D(other, box)) as ground,
            ST_ClipByBox2D(ST_Boundary(one), ST_Expand(box, 2 ^ -20)) as line
        from lot
    )
    -- and it lies along the old outline, all of it: many slits side by side are narrow too
    select one is not null and other is not null and coalesce(bool_and(
        ST_IsEmpty(ST_Buffer(ground, - 2 ^ -23)) and not exists (
            select from ST_DumpPoints(ST_Segmentize(ground, 2 ^ -17)) as point
            where not ST_DWithin(point.geom, line, 2 ^ -22)
        )
    ), true) from differing
$$;

create function keep_outline() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    if is_narrow(old.shape, new.shape) or tg_table_name = 'street' and is_narrow(
        (select ST_Union(shape) from community where street_code = new.code), new.shape
    ) then
        return new;
    end if;
    raise exception 'the outline of % % stays where it is', tg_table_name, new.code
        using errcode = '42501';
end $$;

create trigger district_outline before update of shape on district for each row
when (new.shape is distinct from old.shape and is_lesser()) execute function keep_outline();
create trigger street_outline before update of shape on street for each row
when (new.shape is distinct from old.shape and is_lesser()) execute function keep_outline();
create trigger community_outline before update of shape on community for each row
when (new.shape is distinct from old.shape and is_lesser()) execute function keep_outline();
