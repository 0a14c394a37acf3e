-- Closed issues are many and seldom change: they are counted when they close, by grid and
-- category and, where the category is null, by grid alone. A change adds a row and rewrites
-- none, so that writers never wait for each other; the count is the sum of what was added.
create function tally_closed() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and not old.is_open then
        insert into closed_tally (grid_id, category_id, added)
        values (old.grid_id, old.category_id, -1), (old.grid_id, null, -1);
    end if;
    if tg_op <> 'DELETE' and not new.is_open then
        insert into closed_tally (grid_id, category_id, added)
        values (new.grid_id, new.category_id, 1), (new.grid_id, null, 1);
    end if;
    return null;
end $$;

create trigger issue_tally_insert after insert on issue
for each row when (not new.is_open) execute function tally_closed();
create trigger issue_tally_delete after delete on issue
for each row when (not old.is_open) execute function tally_closed();
create trigger issue_tally_update after update on issue
for each row when (
    (old.is_open, old.grid_id, old.category_id)
    is distinct from (new.is_open, new.grid_id, new.category_id)
) execute function tally_closed();

-- Make few rows of many; what others add meanwhile is left as it is.
create function fold_closed_tally() returns void language sql as $$
    with gone as (delete from closed_tally returning grid_id, category_id, added)
    insert into closed_tally (grid_id, category_id, added)
    select grid_id, category_id, sum(added) from gone
    group by grid_id, category_id having sum(added) <> 0
$$;

insert into closed_tally (grid_id, category_id, added)
select grid_id, category_id, count(*) from issue where not is_open
group by grouping sets ((grid_id, category_id), (grid_id));
