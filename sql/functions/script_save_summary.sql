-- save_summary (9168): a text of under 50 characters is not worth publishing.
create or replace function script_save_summary(p_claims claim[])
returns table (interaction_id bigint, output jsonb, branch text)
language sql volatile
as $$
  select c.interaction_id, jsonb_build_object('text', s.formatted -> 'text', 'body', s.formatted -> 'body'),
    case when length(s.formatted ->> 'text') >= 50 then 'saved' else 'failed' end
  from unnest(p_claims) c
  cross join lateral (select input_value(c.input -> 'formatted') as formatted offset 0) s
$$;
comment on function script_save_summary(claim[]) is 'Script of save_summary.';
