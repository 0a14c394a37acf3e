drop function count_closed();

create or replace function tally_closed() returns trigger language plpgsql as $$
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

drop trigger issue_tally_update on issue;
create trigger issue_tally_update after update on issue
for each row when (
    (old.is_open, old.grid_id, old.category_id)
    is distinct from (new.is_open, new.grid_id, new.category_id)
) execute function tally_closed();

create or replace function fold_closed_tally() returns void language sql as $$
    with gone as (delete from closed_tally returning grid_id, category_id, added)
    insert into closed_tally (grid_id, category_id, added)
    select grid_id, category_id, sum(added) from gone
    group by grid_id, category_id having sum(added) <> 0
$$;

