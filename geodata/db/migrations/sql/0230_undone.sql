create or replace function issue_said(said text, address text) returns text
language plpgsql immutable parallel safe cost 20 as $$
begin
    return regexp_replace(
        lower(normalize(said || chr(10) || address, nfkc)),
        '(?:[0-9〇零一二三四五六七八九幺两][-. ()·_/~]*){7,}', ' ', 'g');
end $$;

drop index ix_issue_said;
create index ix_issue_said on issue using gin (issue_bigrams(text, address));
