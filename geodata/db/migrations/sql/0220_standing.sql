-- Who wrote to the ground, or to what stands on it: one row a transaction.

create function note_standing() returns trigger
language plpgsql volatile security definer set search_path = public as $$
begin
    insert into ground_change (written_by) values (pg_current_xact_id()::text::bigint)
    on conflict do nothing;
    return null;
end
$$;

create trigger boundary_noted after insert or update or delete or truncate on boundary
for each statement execute function note_standing();
create trigger building_noted after insert or update or delete or truncate on building
for each statement execute function note_standing();
create trigger place_noted after insert or update or delete or truncate on place
for each statement execute function note_standing();
create trigger resident_unit_noted after insert or update or delete or truncate on resident_unit
for each statement execute function note_standing();
