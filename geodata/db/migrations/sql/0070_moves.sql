-- Row-level security by the settings that 0050_ground.sql tells of: moves go with their plan, jobs
-- with their community, notices with the account of their worker. Who locked a grid is seen by
-- whoever sees the grids.

alter table redraw_move enable row level security;
create policy redraw_move_ground on redraw_move using (
    exists (select from redraw_plan where redraw_plan.id = redraw_move.plan_id)
);

alter table suggestion_job enable row level security;
create policy suggestion_job_ground on suggestion_job using (
    (select current_setting('wangge.ground', true)) = 'all'
    or community_code = any ((select string_to_array(
        nullif(current_setting('wangge.communities', true), ''), ','))::text[])
);

alter table notice enable row level security;
create policy notice_worker on notice using (
    (select current_setting('wangge.ground', true)) = 'all'
    or worker_id = (select worker_id from account
        where id = nullif(current_setting('wangge.account', true), '')::integer)
);
