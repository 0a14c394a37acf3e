-- What was left out of a plan is seen with it, and stays as it was once that is over.
alter table redraw_left_out enable row level security;
create policy redraw_left_out_ground on redraw_left_out using (
    exists (select from redraw_plan where redraw_plan.id = redraw_left_out.plan_id)
);

create function keep_left_out() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    own integer := case tg_op when 'DELETE' then old.plan_id else new.plan_id end;
begin
    if exists (
        select from redraw_plan where state in ('published', 'discarded')
            and (id = own or tg_op = 'UPDATE' and id = old.plan_id)
    ) then
        raise exception 'plan % is over and stays as it was', own using errcode = '42501';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;

create trigger left_out_kept before insert or update or delete on redraw_left_out
for each row execute function keep_left_out();
