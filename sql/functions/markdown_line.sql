-- Posting text is untrusted: on its way into markdown it becomes one line without markup or HTML. Plain
-- replacements, since regular expressions were half the time of formatting; one looks whether more is needed.
create or replace function markdown_line(p_text text) returns text
language plpgsql immutable parallel safe
as $$
declare
  v_line text := coalesce(p_text, '');
begin
  if v_line ~ '[\x01-\x1f\u0085\u2028\u2029]|  ' then
    v_line := regexp_replace(v_line, '[\s\x01-\x1f\u0085\u2028\u2029]+', ' ', 'g');
  end if;
  v_line := replace(replace(replace(replace(replace(replace(replace(replace(replace(btrim(v_line),
    '\', '\\'), '`', '\`'), '*', '\*'), '_', '\_'), '[', '\['), ']', '\]'), '<', '\<'), '>', '\>'), '~', '\~');
  if left(v_line, 1) in ('#', '+', '-', '=') then
    return '\' || v_line;
  elsif left(v_line, 1) between '0' and '9' then
    return regexp_replace(v_line, '^(\d+)([.)])', '\1\\\2');
  end if;
  return v_line;
end
$$;
comment on function markdown_line(text) is 'The text as one line of markdown in which nothing is markup.';
