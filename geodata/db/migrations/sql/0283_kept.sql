-- What is over stays as it was.

-- A plan that was published or thrown away, and its steps, from whatever program.
create function keep_plan() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    raise exception 'plan % is over and stays as it was', old.id using errcode = '42501';
end $$;

create trigger plan_over_kept before update on redraw_plan for each row
when (old.state in ('published', 'discarded') and new is distinct from old)
execute function keep_plan();
create trigger plan_published_kept before delete on redraw_plan for each row
when (old.state = 'published') execute function keep_plan();

create function keep_steps() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    written redraw_step := case tg_op when 'DELETE' then old else new end;
begin
    if exists (
        select from redraw_plan where state in ('published', 'discarded')
            and (id = written.plan_id or tg_op = 'UPDATE' and id = old.plan_id)
    ) then
        raise exception 'plan % is over and stays as it was', written.plan_id
            using errcode = '42501';
    end if;
    return written;
end $$;

create trigger step_over_kept before insert or update or delete on redraw_step
for each row execute function keep_steps();

-- A lesser role begins plans as drafts, whose author they keep, and publishes at present.
create function begin_plan() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' and new.state <> 'draft' then
        raise exception 'a plan begins as a draft' using errcode = '42501';
    end if;
    if tg_op = 'UPDATE' and (old.id, old.public_id, old.community_code, old.author, old.created_at)
        is distinct from (new.id, new.public_id, new.community_code, new.author, new.created_at)
    then
        raise exception 'plan % stays whose it is', old.id using errcode = '42501';
    end if;
    if new.state = 'published' and (
        new.published_by is null or new.published_at > clock_timestamp()
        or new.published_at < greatest(
            transaction_timestamp(), clock_timestamp() - interval '2 minutes')
    ) then
        raise exception 'a plan is published at present, not at %', new.published_at
            using errcode = '42501';
    end if;
    return new;
end $$;

create trigger plan_begun before insert or update on redraw_plan for each row
when (is_lesser()) execute function begin_plan();

-- At commit: and its ground began with that.
create function check_published() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from boundary where plan_id = new.id and lower(valid) = new.published_at
    ) then
        raise exception 'plan % was published without any ground', new.id using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger plan_with_ground after update of state on redraw_plan
deferrable initially deferred for each row
when (new.state = 'published' and old.state <> 'published' and is_lesser())
execute function check_published();

-- Moments that a door tells may differ from ours by what clocks go wrong, never by more.
create function is_about_now(moment timestamptz) returns boolean
language sql volatile as $$
    select moment between clock_timestamp() - interval '1 hour'
        and clock_timestamp() + interval '1 hour'
$$;
alter function is_about_now(timestamptz) set search_path = public, pg_temp;

-- A lesser role tells of a move when it is made, and of a plan's publishing while it is published.
create function add_move() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if not is_about_now(new.at) or not exists (
        select from redraw_plan where id = new.plan_id and state = new.state
            and (published_at is null or published_at >= transaction_timestamp())
    ) then
        raise exception 'plan % makes no such move', new.plan_id using errcode = '42501';
    end if;
    return new;
end $$;

create trigger move_added before insert on redraw_move for each row
when (is_lesser()) execute function add_move();

create function check_lineage() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from redraw_plan where id = new.plan_id and state = 'published'
            and published_at >= transaction_timestamp()
    ) then
        raise exception 'no grid comes from another by plan %', new.plan_id
            using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger lineage_of_plan after insert on grid_lineage
deferrable initially deferred for each row when (is_lesser()) execute function check_lineage();

-- A lesser role tells workers what happens, and does not tell what happened.
create function add_notice() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    if not is_about_now(new.at) or new.seen_at is not null then
        raise exception 'a notice is of what happens now' using errcode = '42501';
    end if;
    return new;
end $$;

create trigger notice_added before insert on notice for each row
when (is_lesser()) execute function add_notice();

-- A lock that a lesser role sets begins now, and ends now, or when it was to end, and once.
create function keep_lock() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if not is_about_now(new.locked_at) or new.released_at is not null then
            raise exception 'a grid is locked from now on' using errcode = '42501';
        end if;
    elsif old.released_at is not null and new is distinct from old
        or new.released_at is distinct from old.until and not is_about_now(new.released_at) then
        raise exception 'lock % ends now, and once', old.id using errcode = '42501';
    end if;
    return new;
end $$;

create trigger lock_kept before insert or update on grid_lock for each row
when (is_lesser()) execute function keep_lock();

-- At commit: a grid that a lesser role makes, gives up or takes up again is there while it has
-- ground, and is no more from the moment on at which its ground ended.
create function check_grid() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    ended timestamptz;
begin
    select coalesce(upper(valid), 'infinity') into ended from boundary
    where grid_id = new.id order by lower(valid) desc limit 1;
    if not exists (
        select from grid where id = new.id and coalesce(retired_at, 'infinity') = ended
    ) then
        raise exception 'grid % is there while it has ground', new.id using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger grid_while_ground after insert or update of retired_at on grid
deferrable initially deferred for each row
when (new.kind <> 'uncovered' and is_lesser()) execute function check_grid();

-- When an issue came, and where a closed one lay, a lesser role does not change.
create function keep_issue() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    raise exception 'issue % stays as it was', old.id using errcode = '42501';
end $$;

create trigger issue_over_kept after update on issue for each row
when (((old.reported_at, old.created_at, old.public_id)
    is distinct from (new.reported_at, new.created_at, new.public_id)
    or not old.is_open and not new.is_open
    and (old.closed_at, old.grid_id, old.boundary_id, old.community_code)
    is distinct from (new.closed_at, new.grid_id, new.boundary_id, new.community_code))
    and is_lesser()) execute function keep_issue();

-- At commit: where a lesser role puts an open issue is where it lies. One in no grid, or near one,
-- lies in none; what was passed on lies where it lies.
create function check_placed() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if exists (
        select from issue left join boundary on boundary.id = issue.boundary_id
        where issue.id = new.id and is_open and place is not null and case
            when rule in ('covers', 'border') then not ST_Covers(boundary.shape, place)
            when rule in ('near', 'none') then exists (
                select from boundary b join grid on grid.id = b.grid_id
                where upper_inf(b.valid) and kind <> 'uncovered'
                    and b.shape && place and ST_Covers(b.shape, place))
            end
    ) then
        raise exception 'issue % lies elsewhere', new.id using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger issue_where_it_lies after update of place, rule, grid_id, boundary_id
on issue deferrable initially deferred for each row
when (new.is_open and new.place is not null and new.rule <> 'passed'
    and (old.rule, old.grid_id, old.boundary_id)
    is distinct from (new.rule, new.grid_id, new.boundary_id)
    and is_lesser()) execute function check_placed();

-- Nor does it invent what happened to an issue: what is added follows what is known, or is of now.
-- An issue that comes with its own history, row by row, is not known yet.
create function add_event() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if new.at > clock_timestamp() or exists (
        select from issue where id = new.issue_id and created_at < transaction_timestamp()
    ) and new.at < (
        select max(at) - interval '1 hour' from issue_event where issue_id = new.issue_id
    ) then
        raise exception 'issue % has another history', new.issue_id using errcode = '42501';
    end if;
    return new;
end $$;

create trigger event_added before insert on issue_event for each row
when ((new.at < clock_timestamp() - interval '1 hour'
    or new.at > clock_timestamp() + interval '1 hour') and is_lesser())
execute function add_event();
