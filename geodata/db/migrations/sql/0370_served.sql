-- Who wrote to those who serve: posts, workers and party groups; one row a transaction.

create function note_serving() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    insert into service_change (written_by) values (pg_current_xact_id()::text::bigint)
    on conflict do nothing;
    return null;
end
$$;

create trigger grid_worker_noted after insert or update or delete or truncate on grid_worker
for each statement execute function note_serving();
create trigger joint_group_noted after insert or update or delete or truncate on joint_group
for each statement execute function note_serving();
create trigger party_org_noted after insert or update or delete or truncate on party_org
for each statement execute function note_serving();
create trigger post_noted after insert or update or delete or truncate on post
for each statement execute function note_serving();
