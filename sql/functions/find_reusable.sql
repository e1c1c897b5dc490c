-- Early cut-off, second half: an earlier completed result of the same inputs, prompt version and actor is used again.
create or replace function find_reusable(p_step step, p_claims claim[]) returns claim[]
language sql stable
as $$
  select array_agg((
    c.interaction_id, c.fence, c.workflow_run_id, c.posting_id, c.partition_key, c.round, c.attempt, c.queued_at,
    c.inputs_key, c.input, c.input_hash, c.problem,
    coalesce(c.reused_from, case when c.problem is null then (
      select i.interaction_id from interactions i
      where i.conversation_id = p_step.conversation_id and i.input_hash = c.input_hash
        and i.status = 'completed' and i.reused_from is null and i.actor_type <> 'script'
        and i.enabled and not is_tainted(i.interaction_id)
      order by i.interaction_id desc
      limit 1) end),
    false
  )::claim order by c.workflow_run_id)
  from unnest(p_claims) c
$$;
comment on function find_reusable(step, claim[]) is 'The claims with reused_from set where an earlier result can be used.';
