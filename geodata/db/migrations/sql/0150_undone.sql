alter table closed_tally disable row level security;
drop policy closed_tally_ground on closed_tally;
drop policy contact_ground on contact;
create policy contact_ground on contact using (
    (select current_setting('wangge.ground', true)) = 'all'
    or exists (
        select from issue where issue.id = contact.issue_id and (
            community_code = any ((select string_to_array(
                nullif(current_setting('wangge.communities', true), ''), ','))::text[])
            or grid_id = any ((select string_to_array(
                nullif(current_setting('wangge.grids', true), ''), ','))::integer[])))
) with check (true);
drop policy issue_ground on issue;
create policy issue_ground on issue using (
    (select current_setting('wangge.ground', true)) = 'all'
    or community_code = any ((select string_to_array(
        nullif(current_setting('wangge.communities', true), ''), ','))::text[])
    or grid_id = any ((select string_to_array(
        nullif(current_setting('wangge.grids', true), ''), ','))::integer[])
    or public_id = (select nullif(current_setting('wangge.issue', true), '')::uuid)
) with check (true);
drop index ix_issue_said;
drop function issue_bigrams(text, text);
drop function issue_said(text, text);
