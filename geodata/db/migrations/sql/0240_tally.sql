-- Closed issues are counted by grid and by how they ended; each once alone, once by category and
-- once by channel, so that each of these sums is of few rows.
create or replace function tally_closed() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and not old.is_open then
        insert into closed_tally (grid_id, category_id, channel, status, added)
        values (old.grid_id, null, null, old.status, -1),
            (old.grid_id, old.category_id, null, old.status, -1),
            (old.grid_id, null, old.channel, old.status, -1);
    end if;
    if tg_op <> 'DELETE' and not new.is_open then
        insert into closed_tally (grid_id, category_id, channel, status, added)
        values (new.grid_id, null, null, new.status, 1),
            (new.grid_id, new.category_id, null, new.status, 1),
            (new.grid_id, null, new.channel, new.status, 1);
    end if;
    return null;
end $$;

drop trigger issue_tally_update on issue;
create trigger issue_tally_update after update on issue
for each row when (
    not (old.is_open and new.is_open)
    and (old.status, old.grid_id, old.category_id, old.channel)
    is distinct from (new.status, new.grid_id, new.category_id, new.channel)
) execute function tally_closed();

create or replace function fold_closed_tally() returns void language sql as $$
    with gone as (delete from closed_tally returning grid_id, category_id, channel, status, added)
    insert into closed_tally (grid_id, category_id, channel, status, added)
    select grid_id, category_id, channel, status, sum(added) from gone
    group by grid_id, category_id, channel, status having sum(added) <> 0
$$;

-- Count anew, where issues were written without the triggers: for the owner, who sees all of them.
create function count_closed() returns void language sql as $$
    delete from closed_tally;
    insert into closed_tally (grid_id, category_id, channel, status, added)
    select grid_id, category_id, channel, status, count(*) from issue where not is_open
    group by grouping sets (
        (grid_id, status), (grid_id, category_id, status), (grid_id, channel, status))
$$;
revoke execute on function count_closed() from public;

select count_closed();
