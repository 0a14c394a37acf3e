-- What was counted of issues by day holds until an issue changes that has a moment in those days:
-- then it is noted as it stood before. A reader takes the counts, gives back what the changed ones
-- were, and adds what they are. What happened within the last twelve hours is in no kept day, so
-- that whoever reports or handles an issue of today writes nothing here.

create function remember_issue() returns trigger
language plpgsql volatile security definer set search_path = public as $$
begin
    if not exists (select from issue_kept) then
        return null;
    end if;
    if tg_op = 'INSERT' then
        insert into issue_before (issue_id) values (new.id);
        return null;
    end if;
    insert into issue_before (issue_id, reported_at, due_at, closed_at, status, satisfaction,
        community_code, category_id, channel, handled_at, reworked)
    select old.id, old.reported_at, old.due_at, old.closed_at, old.status, old.satisfaction,
        old.community_code, old.category_id, old.channel,
        max(at) filter (where status = 'handled'), coalesce(bool_or(status = 'reworked'), false)
    from issue_event where issue_id = old.id and status in ('handled', 'reworked');
    return null;
end
$$;

create trigger issue_days_insert after insert on issue for each row
when (least(new.reported_at, new.due_at, new.closed_at) < now() - interval '12 hours')
execute function remember_issue();

create trigger issue_days_delete after delete on issue for each row
when (least(old.reported_at, old.due_at, old.closed_at) < now() - interval '12 hours')
execute function remember_issue();

create trigger issue_days_update after update on issue for each row
when (
    (old.reported_at, old.community_code, old.category_id, old.channel)
        is distinct from (new.reported_at, new.community_code, new.category_id, new.channel)
        and least(old.reported_at, new.reported_at, old.due_at, new.due_at, old.closed_at)
            < now() - interval '12 hours'
    or (old.status, old.due_at, old.closed_at)
        is distinct from (new.status, new.due_at, new.closed_at)
        and least(old.due_at, new.due_at) < now() - interval '12 hours'
    or (old.status, old.closed_at, old.satisfaction)
        is distinct from (new.status, new.closed_at, new.satisfaction)
        and least(old.reported_at, new.reported_at, old.closed_at, new.closed_at)
            < now() - interval '12 hours'
        and (old.status in ('handled', 'checked', 'closed')
            or new.status in ('handled', 'checked', 'closed')
            or old.closed_at is not null)
)
execute function remember_issue();

-- Before the row is there, so that what stood before is what is there now.
create function remember_handling() returns trigger
language plpgsql volatile security definer set search_path = public as $$
begin
    insert into issue_before (issue_id, reported_at, due_at, closed_at, status, satisfaction,
        community_code, category_id, channel, handled_at, reworked)
    select issue.id, issue.reported_at, issue.due_at, issue.closed_at, issue.status,
        issue.satisfaction, issue.community_code, issue.category_id, issue.channel,
        done.handled_at, coalesce(done.reworked, false)
    from issue cross join lateral (
        select max(at) filter (where status = 'handled') as handled_at,
            bool_or(status = 'reworked') as reworked
        from issue_event where issue_id = issue.id and status in ('handled', 'reworked')
    ) as done
    where issue.id = new.issue_id and exists (select from issue_kept)
        and least(issue.due_at, issue.closed_at, done.handled_at, new.at)
            < now() - interval '12 hours';
    return new;
end
$$;

create trigger issue_event_days before insert on issue_event for each row
when (new.status in ('handled', 'reworked'))
execute function remember_handling();

-- Of what is noted and counted each sees what lies on the ground that its transaction told (migration 0050).
alter table issue_before enable row level security;
create policy issue_before_ground on issue_before using (
    (select current_setting('wangge.ground', true)) = 'all'
    or community_code = any ((select string_to_array(
        nullif(current_setting('wangge.communities', true), ''), ','))::text[])
) with check (true);

alter table issue_day enable row level security;
create policy issue_day_ground on issue_day using (
    (select current_setting('wangge.ground', true)) = 'all'
    or community_code = any ((select string_to_array(
        nullif(current_setting('wangge.communities', true), ''), ','))::text[])
) with check (true);
