-- Posting text is untrusted: on its way into markdown it becomes one line without markup or HTML.
create or replace function markdown_line(p_text text) returns text
language sql immutable parallel safe
as $$
  select regexp_replace(btrim(regexp_replace(coalesce(p_text, ''), '\s+', ' ', 'g')), '([\\`*_\[\]<>])', '\\\1', 'g')
$$;
comment on function markdown_line(text) is 'The text as one line of markdown in which nothing is markup.';
