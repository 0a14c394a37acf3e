drop trigger issue_ground_first on issue;
drop function hold_ground();
drop trigger issue_stands_on_present_ground on issue;
drop trigger issue_on_present_ground on issue;
create or replace function check_issue_ground() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
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
