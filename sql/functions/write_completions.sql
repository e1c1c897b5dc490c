create or replace function write_completions(p_done completion[]) returns void
language sql volatile
as $$
  update interactions i
  set status = 'completed', output = d.output, output_hash = sha256(convert_to(d.output::text, 'UTF8')),
    branch = d.branch, started_at = coalesce(i.started_at, i.created_at), completed_at = clock_timestamp(),
    tokens_in = d.tokens_in, tokens_out = d.tokens_out
  from unnest(p_done) d
  where i.interaction_id = d.interaction_id
$$;
comment on function write_completions(completion[]) is 'Writes answers into their interactions.';
