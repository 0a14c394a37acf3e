drop trigger building_where_it_stands on building;
drop function check_housed();
drop trigger post_kept on post;
drop function keep_post();
drop trigger issue_reopened on issue;
drop function check_reopened();
drop trigger issue_over_kept on issue;
create trigger issue_over_kept after update on issue for each row
when (((old.reported_at, old.created_at, old.public_id)
    is distinct from (new.reported_at, new.created_at, new.public_id)
    or not old.is_open and not new.is_open
    and (old.closed_at, old.grid_id, old.boundary_id, old.community_code)
    is distinct from (new.closed_at, new.grid_id, new.boundary_id, new.community_code))
    and is_lesser()) execute function keep_issue();
drop trigger issue_brought on issue;
drop function check_brought();
drop trigger issue_where_it_lies on issue;
create or replace function check_placed() returns trigger
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
drop function lies_elsewhere(geometry, text, integer, integer);
