do $$
declare
    own regprocedure;
begin
    for own in
        select oid from pg_proc
        where pronamespace = 'public'::regnamespace
            and 'search_path=public, pg_temp' = any (proconfig) and proname <> 'chain_audit'
    loop
        execute format('alter function %s reset search_path', own);
    end loop;
    execute format('grant temporary on database %I to public', current_database());
end $$;

alter function check_issue_ground() set search_path = public;
alter function check_left_issues() set search_path = public;
alter function note_standing() set search_path = public;
