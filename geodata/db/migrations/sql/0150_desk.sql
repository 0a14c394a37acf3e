-- The words of an issue, to be found by any part of two characters or more: as they are compared,
-- in small letters and half width, and without the digits that may be somebody's number, which
-- nobody is to find out by asking for them piece by piece.
create function issue_said(said text, address text) returns text
language plpgsql immutable parallel safe cost 20 as $$
begin
    return regexp_replace(
        lower(normalize(said || chr(10) || address, nfkc)),
        '(?:[0-9〇零一二三四五六七八九幺两][-. ()·_/~]*){7,}', ' ', 'g');
end $$;

-- Each two characters that stand side by side in it. A loop, since a query for each row would take
-- three times as long.
create function issue_bigrams(said text, address text) returns text[]
language plpgsql immutable parallel safe cost 500 as $$
declare
    found text[] := '{}';
    before text := ' ';
    here text;
begin
    foreach here in array string_to_array(issue_said(said, address), null) loop
        if here <> ' ' and before <> ' ' then
            found := found || (before || here);
        end if;
        before := here;
    end loop;
    return found;
end $$;

create index ix_issue_said on issue using gin (issue_bigrams(text, address));

-- What was handed to a department is seen by its people.
drop policy issue_ground on issue;
create policy issue_ground on issue using (
    (select current_setting('wangge.ground', true)) = 'all'
    or community_code = any ((select string_to_array(
        nullif(current_setting('wangge.communities', true), ''), ','))::text[])
    or grid_id = any ((select string_to_array(
        nullif(current_setting('wangge.grids', true), ''), ','))::integer[])
    or handler = any ((select string_to_array(
        nullif(current_setting('wangge.handed', true), ''), chr(10)))::text[])
    or public_id = (select nullif(current_setting('wangge.issue', true), '')::uuid)
) with check (true);

drop policy contact_ground on contact;
create policy contact_ground on contact using (
    (select current_setting('wangge.ground', true)) = 'all'
    or exists (
        select from issue where issue.id = contact.issue_id and (
            community_code = any ((select string_to_array(
                nullif(current_setting('wangge.communities', true), ''), ','))::text[])
            or grid_id = any ((select string_to_array(
                nullif(current_setting('wangge.grids', true), ''), ','))::integer[])
            or handler = any ((select string_to_array(
                nullif(current_setting('wangge.handed', true), ''), chr(10)))::text[])))
) with check (true);

-- How many were closed tells of the ground where they lie.
alter table closed_tally enable row level security;
create policy closed_tally_ground on closed_tally using (
    (select current_setting('wangge.ground', true)) = 'all'
    or grid_id = any ((select string_to_array(
        nullif(current_setting('wangge.grids', true), ''), ','))::integer[])
    or grid_id = any ((select array_agg(id) from grid where community_code = any (string_to_array(
        nullif(current_setting('wangge.communities', true), ''), ',')))::integer[])
) with check (true);

-- Whether words hold others tells nothing of a row that it may not, as with boxes (0050).
do $$ begin
    if (select rolsuper from pg_roles where rolname = current_user) then
        alter function arraycontains(anyarray, anyarray) leakproof;
        alter function issue_bigrams(text, text) leakproof;
    end if;
end $$;
