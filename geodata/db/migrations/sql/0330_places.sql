-- Whether an issue is said to lie where it does not. One in no grid, or near one, lies in none; what
-- was passed on is some grid's matter.
create function lies_elsewhere(place geometry, rule text, grid_id integer, boundary_id integer)
returns boolean language plpgsql stable set search_path = public, pg_temp as $$
begin
    return case
        when rule in ('covers', 'border') then not exists (
            select from boundary b where b.id = lies_elsewhere.boundary_id
                and b.grid_id = lies_elsewhere.grid_id
                and ST_Covers(b.shape, lies_elsewhere.place))
        when rule in ('near', 'none') then exists (
            select from boundary b join grid on grid.id = b.grid_id
            where upper_inf(b.valid) and kind <> 'uncovered'
                and b.shape && lies_elsewhere.place
                and ST_Covers(b.shape, lies_elsewhere.place))
        else false end;
end $$;

-- At commit: where a lesser role puts an open issue is where it lies.
create or replace function check_placed() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if exists (
        select from issue where id = new.id and is_open and place is not null
            and lies_elsewhere(place, rule, grid_id, boundary_id)
    ) then
        raise exception 'issue % lies elsewhere', new.id using errcode = '23514';
    end if;
    return null;
end $$;

drop trigger issue_where_it_lies on issue;
create constraint trigger issue_where_it_lies
after update of status, place, rule, grid_id, boundary_id
on issue deferrable initially deferred for each row
when (new.is_open and new.place is not null
    and (not old.is_open or (old.rule, old.grid_id, old.boundary_id)
        is distinct from (new.rule, new.grid_id, new.boundary_id))
    and is_lesser()) execute function check_placed();

-- One that comes without a rule is placed by us (see place_issue); one that a lesser role brings
-- with its rule lies where that says.
create function check_brought() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if new.status not in ('closed', 'rejected', 'void') and new.place is not null
        and lies_elsewhere(new.place, new.rule, new.grid_id, new.boundary_id) then
        raise exception 'issue % lies elsewhere', new.id using errcode = '23514';
    end if;
    return new;
end $$;

create trigger issue_brought before insert on issue for each row
when (new.rule is not null and is_lesser()) execute function check_brought();

-- When an issue came, and where one lay when it was over, a lesser role does not change; nor does it
-- forget where one lies. What is over begins anew as it lay, and ends at present.
drop trigger issue_over_kept on issue;
create trigger issue_over_kept after update on issue for each row
when (((old.reported_at, old.created_at, old.public_id)
    is distinct from (new.reported_at, new.created_at, new.public_id)
    or old.place is not null and new.place is null
    or not (old.is_open and new.is_open)
    and (old.grid_id, old.boundary_id, old.community_code, old.rule, old.place)
    is distinct from (new.grid_id, new.boundary_id, new.community_code, new.rule, new.place)
    or not old.is_open and not new.is_open and old.closed_at is distinct from new.closed_at
    or old.is_open and not new.is_open and is_about_now(new.closed_at) is not true)
    and is_lesser()) execute function keep_issue();

-- At commit: and its history tells of it.
create function check_reopened() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if not exists (
        select from issue_event where issue_id = new.id and kind = 'reopen' and is_about_now(at)
    ) then
        raise exception 'issue % stays as it was: nobody reopened it', new.id
            using errcode = '42501';
    end if;
    return null;
end $$;

create constraint trigger issue_reopened after update of status on issue
deferrable initially deferred for each row
when (not old.is_open and new.is_open and is_lesser()) execute function check_reopened();

-- A post that has begun is history: a lesser role ends it, once, and takes back only what is to come.
create function keep_post() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        if lower(old.during) < transaction_timestamp() - interval '1 minute' then
            raise exception 'post % has begun and stays in the history', old.id
                using errcode = '42501';
        end if;
        return old;
    end if;
    if lower(new.during) <> lower(old.during)
        or upper(old.during) < transaction_timestamp() - interval '1 minute' then
        raise exception 'post % stays as it was', old.id using errcode = '42501';
    end if;
    return new;
end $$;

create trigger post_kept before update or delete on post for each row
when (is_lesser()) execute function keep_post();

-- At commit: a building that a lesser role gives to a grid has its door on the ground of that.
create function check_housed() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    if exists (
        select from building b
        left join grid on grid.id = b.grid_id
        left join boundary on boundary.grid_id = b.grid_id and upper_inf(boundary.valid)
        where b.id = new.id and (
            b.grid_id is not null and (ST_Covers(boundary.shape, b.door) is not true
                or grid.community_code <> b.community_code)
            or b.grid_id is null and exists (
                select from boundary present
                where upper_inf(present.valid) and present.shape && b.door
                    and ST_Covers(present.shape, b.door)))
    ) then
        raise exception 'the door of building % lies elsewhere', new.code using errcode = '23514';
    end if;
    return null;
end $$;

create constraint trigger building_where_it_stands
after update of grid_id, community_code on building deferrable initially deferred for each row
when ((old.grid_id, old.community_code) is distinct from (new.grid_id, new.community_code)
    and is_lesser()) execute function check_housed();
