-- Posting text is untrusted: on its way into markdown it becomes one line without markup or HTML. Plain
-- replacements, since regular expressions were half the time of formatting.
create or replace function markdown_line(p_text text) returns text
language sql immutable parallel safe
as $$
  select case
      when left(s.line, 1) in ('#', '+', '-', '=') then '\' || s.line
      when left(s.line, 1) between '0' and '9' then regexp_replace(s.line, '^(\d+)([.)])', '\1\\\2')
      else s.line
    end
  from (
    select replace(replace(replace(replace(replace(replace(replace(replace(replace(
      btrim(case when strpos(o.line, '  ') > 0 then regexp_replace(o.line, ' +', ' ', 'g') else o.line end),
      '\', '\\'), '`', '\`'), '*', '\*'), '_', '\_'), '[', '\['), ']', '\]'), '<', '\<'), '>', '\>'), '~', '\~') as line
    from (select translate(coalesce(p_text, ''), e'\t\n\x0b\x0c\r\x1b\x1c\x1d\x1e\u0085\u2028\u2029', repeat(' ', 12)) as line) o
  ) s
$$;
comment on function markdown_line(text) is 'The text as one line of markdown in which nothing is markup.';
