-- At commit: an open issue that has a grid stands on its present ground. Asked of every issue that
-- opens or changes its ground, with the row of the boundary locked for its key, so that whoever
-- ends it waits for us or we for them (see lock_boundary); and of every boundary that ends. An
-- issue that stays open where it is is not asked again: who ends its boundary asks for it.
create or replace function check_issue_ground() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    stands boolean;
begin
    select upper_inf(boundary.valid) and boundary.grid_id = issue.grid_id into stands
    from issue join boundary on boundary.id = issue.boundary_id
    where issue.id = new.id and issue.is_open
    for key share of boundary;
    if not stands then
        raise exception 'issue % is open on ground that is no more', new.id
            using errcode = '23514';
    end if;
    return null;
end $$;

drop trigger issue_on_present_ground on issue;
create constraint trigger issue_on_present_ground after insert on issue
deferrable initially deferred for each row
when (new.is_open and new.boundary_id is not null) execute function check_issue_ground();
create constraint trigger issue_stands_on_present_ground
after update of status, place, grid_id, boundary_id on issue
deferrable initially deferred for each row
when (new.is_open and new.boundary_id is not null and (
    not old.is_open or new.boundary_id is distinct from old.boundary_id
    or new.grid_id is distinct from old.grid_id
)) execute function check_issue_ground();

-- Whoever gives an issue other ground holds the ground before the issue, as publishers do.
create function hold_ground() returns trigger
language plpgsql volatile set search_path = public, pg_temp as $$
begin
    perform lock_ground_shared();
    return null;
end $$;

create trigger issue_ground_first before update of place, grid_id, boundary_id on issue
for each statement execute function hold_ground();
