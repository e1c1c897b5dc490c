create or replace function markdown_bullets(p_lines jsonb) returns text
language sql immutable parallel safe
as $$
  select coalesce(string_agg('- ' || markdown_line(l.line), e'\n' order by l.n), '')
  from jsonb_array_elements_text(case jsonb_typeof(p_lines) when 'array' then p_lines else '[]' end)
    with ordinality l (line, n)
$$;
comment on function markdown_bullets(jsonb) is 'A JSON array of texts as markdown bullets.';
