-- format_summary (3341): the accepted summary in the fixed template. Company, location and job id come
-- from the posting's own row, never from a model; "body" is the text without them, all that a model reads.
create or replace function script_format_summary(p_claims claim[])
returns table (interaction_id bigint, output jsonb, branch text)
language sql volatile
as $$
  select c.interaction_id,
    jsonb_build_object(
      'text', concat_ws(e'\n\n', f.role,
        '**Company:** ' || markdown_line(v.company),
        '**Location:** ' || markdown_line(array_to_string(v.locations, '; ')),
        '**Job ID:** ' || markdown_line(p.external_id), f.rest),
      'body', jsonb_build_object('text', concat_ws(e'\n\n', f.role, f.rest))),
    '*'
  from unnest(p_claims) c
  join posting_versions v on v.posting_version_id = (c.input -> 'posting' ->> 'posting_version_id')::bigint
  join postings p on p.posting_id = c.posting_id
  cross join lateral (select input_value(c.input -> 'summary') as summary offset 0) s
  cross join lateral (
    select '**Role:** ' || markdown_line(s.summary ->> 'role') as role,
      '**Key Responsibilities:**' || e'\n' || markdown_bullets(s.summary -> 'key_responsibilities')
      || e'\n\n**Requirements:**\n' || markdown_bullets(s.summary -> 'requirements')
      || e'\n\n**Details:** ' || markdown_line(s.summary ->> 'details') as rest
  ) f
$$;
comment on function script_format_summary(claim[]) is 'Script of format_summary.';
