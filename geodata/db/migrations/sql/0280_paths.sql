-- Names of tables and types in our functions mean ours: a temporary table named like one of them
-- is looked at last. Functions that compute from what they are given name neither.
do $$
declare
    own regprocedure;
begin
    for own in
        select p.oid from pg_proc p join pg_language l on l.oid = p.prolang
        where p.pronamespace = 'public'::regnamespace and l.lanname in ('sql', 'plpgsql')
            and p.prokind = 'f' and p.provolatile <> 'i' and p.prosqlbody is null
            and not exists (
                select from pg_depend d
                where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
    loop
        execute format('alter function %s set search_path = public, pg_temp', own);
    end loop;
    -- and nobody but the owner needs tables of that kind
    execute format('revoke temporary on database %I from public', current_database());
end $$;
