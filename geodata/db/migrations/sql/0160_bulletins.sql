-- What is made known is everybody's; what is not yet, no more, or withdrawn is seen where it
-- belongs: in its community, or, of a whole street, by who has all of its communities. See
-- 0050_ground.sql for what a transaction says at its start. Nothing is erased, and of what stands
-- only the withdrawal is written (the web's rights on the table).
create function own_bulletin(street text, community text) returns boolean
language sql stable as $$
    select current_setting('wangge.ground', true) = 'all'
        or community = any (string_to_array(
            nullif(current_setting('wangge.communities', true), ''), ','))
        or community is null and street is not null and not exists (
            select from community as one where one.street_code = street
                and one.code <> all (string_to_array(
                    coalesce(current_setting('wangge.communities', true), ''), ',')))
$$;

alter table bulletin enable row level security;
create policy bulletin_public on bulletin for select using (
    withdrawn_at is null and since <= now() and (until is null or now() < until)
    or own_bulletin(street_code, community_code)
    or issue_id is not null and exists (select from issue where issue.id = bulletin.issue_id)
);
create policy bulletin_add on bulletin for insert with check (
    own_bulletin(street_code, community_code)
);
create policy bulletin_withdraw on bulletin for update using (
    own_bulletin(street_code, community_code)
    or issue_id is not null and exists (select from issue where issue.id = bulletin.issue_id)
) with check (true);
