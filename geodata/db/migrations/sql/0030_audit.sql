-- The digest of one entry: each field with its length in bytes before it, an absent one as a dash.
create function audit_written(said text) returns text
language sql immutable parallel safe
return coalesce(octet_length(convert_to(said, 'UTF8')) || ':' || said, '-') || chr(10);

create function audit_digest(entry audit_entry) returns bytea
language sql stable parallel safe
return sha256(convert_to(
    audit_written('wangge audit 1')
    || audit_written(entry.number::text)
    || audit_written(to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || audit_written(entry.actor)
    || audit_written(entry.account_id::text)
    || audit_written(entry.action)
    || audit_written(entry.subject_kind)
    || audit_written(entry.subject_id)
    || audit_written(entry.result)
    || audit_written(entry.source)
    || audit_written(entry.detail::text)
    || audit_written(encode(entry.previous, 'hex')),
    'UTF8'));

-- Whatever the writer said of number, moment and hashes, they are made here. The lock is held to
-- the end of the transaction, so that the entry before is always one that stands.
create function chain_audit() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
    latest record;
begin
    perform pg_advisory_xact_lock(hashtext('wangge audit'));
    select number, hash into latest from audit_entry order by number desc limit 1;
    new.number := coalesce(latest.number, 0) + 1;
    new.previous := coalesce(latest.hash, decode(repeat('00', 32), 'hex'));
    new.at := clock_timestamp();
    new.hash := audit_digest(new);
    return new;
end $$;

create function keep_audit() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is only added to' using errcode = 'insufficient_privilege';
end $$;

create trigger audit_chain before insert on audit_entry
    for each row execute function chain_audit();
create trigger audit_kept before update or delete or truncate on audit_entry
    for each statement execute function keep_audit();
