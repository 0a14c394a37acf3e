-- Row-level security for plans, by the settings that 0050_ground.sql tells of: a plan is its
-- community's, and so are its steps. Which grid came from which is seen by whoever sees the grids.

alter table redraw_plan enable row level security;
create policy redraw_plan_ground on redraw_plan using (
    (select current_setting('wangge.ground', true)) = 'all'
    or community_code = any ((select string_to_array(
        nullif(current_setting('wangge.communities', true), ''), ','))::text[])
);

alter table redraw_step enable row level security;
create policy redraw_step_ground on redraw_step using (
    exists (select from redraw_plan where redraw_plan.id = redraw_step.plan_id)
);
