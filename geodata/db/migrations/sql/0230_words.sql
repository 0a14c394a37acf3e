-- The words of an issue without any digits that may be somebody's number: seven or more, of any
-- script or in Chinese words, with whatever between them that is neither a letter nor a Chinese
-- character. That is all that a text's masking hides and more, so that nobody finds out piece by
-- piece what no page shows.
create or replace function issue_said(said text, address text) returns text
language plpgsql immutable parallel safe cost 20 as $$
declare
    digit constant text := '['
        '0-9\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f'
        '\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f'
        '\u0de6-\u0def\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u1090-\u1099'
        '\u1369-\u1371\u17e0-\u17e9\u1810-\u1819\u1946-\u194f\u19d0-\u19da\u1a80-\u1a89'
        '\u1a90-\u1a99\u1b50-\u1b59\u1bb0-\u1bb9\u1c40-\u1c49\u1c50-\u1c59\u24f5-\u24fd\u24ff'
        '\u2776-\u277e\u2780-\u2788\u278a-\u2792\u3007\u4e00\u4e03\u4e09\u4e24\u4e5d\u4e8c'
        '\u4e94\u4f0d\u516b\u516d\u53c1\u56db\u58f9\u5e7a\u634c\u67d2\u7396\u8086\u8d30\u9646'
        '\u96f6\ua620-\ua629\ua8d0-\ua8d9\ua900-\ua909\ua9d0-\ua9d9\ua9f0-\ua9f9\uaa50-\uaa59'
        '\uabf0-\uabf9\U000104a0-\U000104a9\U00010a40-\U00010a43\U00010d30-\U00010d39'
        '\U00010e60-\U00010e68\U00011052-\U0001105a\U00011066-\U0001106f\U000110f0-\U000110f9'
        '\U00011136-\U0001113f\U000111d0-\U000111d9\U000112f0-\U000112f9\U00011450-\U00011459'
        '\U000114d0-\U000114d9\U00011650-\U00011659\U000116c0-\U000116c9\U00011730-\U00011739'
        '\U000118e0-\U000118e9\U00011950-\U00011959\U00011c50-\U00011c59\U00011d50-\U00011d59'
        '\U00011da0-\U00011da9\U00016a60-\U00016a69\U00016ac0-\U00016ac9\U00016b50-\U00016b59'
        '\U0001e140-\U0001e149\U0001e2f0-\U0001e2f9\U0001e950-\U0001e959'
        ']';
    between constant text := '[^0-9a-z\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{0,9}';
begin
    return regexp_replace(
        lower(normalize(said || chr(10) || address, nfkc)),
        '(?:' || digit || between || '){6,}' || digit, ' ', 'g');
end $$;

drop index ix_issue_said;
create index ix_issue_said on issue using gin (issue_bigrams(text, address));
