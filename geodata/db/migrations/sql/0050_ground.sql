-- Row-level security behind the web's own conditions: what a transaction may see is what its door
-- said at its start. Where nothing was said, nothing is seen. The owner (migrations, the worker,
-- commands) is not bound. Each setting is read once a statement, as a sub-select.
--
--   wangge.ground       'all', or empty: then the two below say what lies within
--   wangge.communities  codes with commas between them
--   wangge.grids        ids of single grids with commas between them
--   wangge.issue        the one issue that is followed by its number, or being reported
--   wangge.account      who asks, for the files that they sent in
--   wangge.files        'all' for whoever sees the files of others too

alter table issue enable row level security;
create policy issue_ground on issue using (
    (select current_setting('wangge.ground', true)) = 'all'
    or community_code = any ((select string_to_array(
        nullif(current_setting('wangge.communities', true), ''), ','))::text[])
    or grid_id = any ((select string_to_array(
        nullif(current_setting('wangge.grids', true), ''), ','))::integer[])
    or public_id = (select nullif(current_setting('wangge.issue', true), '')::uuid)
) with check (true);

alter table issue_event enable row level security;
create policy issue_event_ground on issue_event using (
    (select current_setting('wangge.ground', true)) = 'all'
    or exists (select from issue where issue.id = issue_event.issue_id)
) with check (true);

-- Following an issue by its number shows nobody a contact.
alter table contact enable row level security;
create policy contact_ground on contact using (
    (select current_setting('wangge.ground', true)) = 'all'
    or exists (
        select from issue where issue.id = contact.issue_id and (
            community_code = any ((select string_to_array(
                nullif(current_setting('wangge.communities', true), ''), ','))::text[])
            or grid_id = any ((select string_to_array(
                nullif(current_setting('wangge.grids', true), ''), ','))::integer[])))
) with check (true);

alter table import_job enable row level security;
create policy import_job_sender on import_job using (
    (select current_setting('wangge.files', true)) = 'all'
    or (select nullif(current_setting('wangge.account', true), '')::integer) = any (senders)
) with check (true);

alter table refused_row enable row level security;
create policy refused_row_sender on refused_row using (
    exists (select from import_job where import_job.id = refused_row.job_id)
) with check (true);

alter table load_job enable row level security;
create policy load_job_sender on load_job using (
    (select current_setting('wangge.files', true)) = 'all'
    or (select nullif(current_setting('wangge.account', true), '')::integer) = any (senders)
) with check (true);

alter table load_row enable row level security;
create policy load_row_sender on load_row using (
    exists (select from load_job where load_job.id = load_row.job_id)
) with check (true);

alter table load_note enable row level security;
create policy load_note_sender on load_note using (
    exists (select from load_job where load_job.id = load_note.job_id)
) with check (true);

-- A condition that might tell of a row what it may not is asked only after the policy, and by no
-- index. Whether two boxes meet tells nothing; only a superuser may say so, and without it a box
-- narrows the web's issues by their dates instead.
do $$ begin
    if (select rolsuper from pg_roles where rolname = current_user) then
        alter function geometry_overlaps(geometry, geometry) leakproof;
    end if;
end $$;
