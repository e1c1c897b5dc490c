-- Claims owed nodes of one conversation and partition: locks their runs, binds their inputs, looks for
-- reusable results, and writes interactions, edges and leases in this transaction.
--
-- Lock order: the step (model steps only, so that two claims of one step cannot both start the same
-- call), then workflow_runs and live calls, skipping what is locked. A claim that holds a run waits for
-- nothing, so it cannot be part of a circle with completions, which wait for runs.
create or replace function claim_nodes(
  p_step step, p_partition_key text, p_limit integer, p_worker text, p_lease_seconds integer,
  p_dagster_run_id text
) returns claim[]
language plpgsql volatile
as $$
declare
  v_runs bigint[];
  v_claims claim[];
begin
  if p_step.actor_type = 'ai_model' then
    perform pg_advisory_xact_lock(3002, p_step.conversation_id);
  end if;
  select array_agg(owed.workflow_run_id) into v_runs from (
    select n.workflow_run_id
    from run_node_state n
    join workflow_runs r on r.workflow_run_id = n.workflow_run_id and r.workflow_id = p_step.workflow_id
    where n.partition_key = p_partition_key and n.conversation_id = p_step.conversation_id and n.status = 'scheduled'
      and (n.next_retry_at is null or n.next_retry_at <= clock_timestamp())
    order by n.workflow_run_id
    limit p_limit
    for no key update of r skip locked
  ) owed;
  if v_runs is null then
    return '{}';
  end if;

  v_claims := bind_inputs(p_step, v_runs);
  if p_step.actor_type <> 'script' then
    v_claims := find_reusable(p_step, follow_live_calls(p_step, v_claims));
  end if;
  v_claims := insert_claims(p_step, v_claims, p_dagster_run_id);

  update run_node_state n
  set status = case when p_step.actor_type = 'human' then 'suspended' else 'running' end,
    interaction_id = c.interaction_id, attempt = c.attempt, fence = c.fence, branch = null,
    inputs_key = c.inputs_key,
    lease_owner = case when p_step.actor_type <> 'human' then p_worker end,
    lease_expires_at = case when p_step.actor_type <> 'human'
      then clock_timestamp() + make_interval(secs => p_lease_seconds) end,
    next_retry_at = null, updated_at = clock_timestamp()
  from unnest(v_claims) c
  where n.workflow_run_id = c.workflow_run_id and n.conversation_id = p_step.conversation_id and n.round = c.round;
  return v_claims;
end
$$;
comment on function claim_nodes(step, text, integer, text, integer, text)
  is 'Claims owed nodes and writes their interactions, edges and leases; inner part of claim_work and run_script_work.';
