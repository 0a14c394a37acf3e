-- A report tells of a ground, and is seen by whoever's ground (migration 0050) all of it lies on.

create function ground_told(ground jsonb) returns boolean language sql stable as $$
    select (select current_setting('wangge.ground', true)) = 'all'
        or not coalesce((ground ->> 'whole')::boolean, true)
            and jsonb_array_length(ground -> 'communities') + jsonb_array_length(ground -> 'grids')
                > 0
            and ground -> 'communities' <@ to_jsonb(coalesce(string_to_array(
                nullif(current_setting('wangge.communities', true), ''), ','), '{}'))
            and ground -> 'grids' <@ to_jsonb(coalesce(string_to_array(
                nullif(current_setting('wangge.grids', true), ''), ','), '{}')::integer[])
$$;

alter table coverage_report enable row level security;
create policy coverage_report_ground on coverage_report using (ground_told(ground))
with check (true);

alter table coverage_report_file enable row level security;
create policy coverage_report_file_ground on coverage_report_file using (
    exists (select from coverage_report where coverage_report.id = report_id)
) with check (true);

alter table coverage_schedule enable row level security;
create policy coverage_schedule_ground on coverage_schedule using (ground_told(ground))
with check (true);
