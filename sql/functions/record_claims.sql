-- The one place where interactions of postings are made, with their edges, in the transaction that claims.
-- Born completed: a script's answer or an earlier result; born failed: a refused input; suspended: a
-- ticket; otherwise running under a lease.
create or replace function record_claims(
  p_step step, p_claims claim[], p_worker text, p_lease_seconds integer, p_dagster_run_id text
) returns void
language plpgsql volatile
as $$
declare
  v_now timestamptz := clock_timestamp();
begin
  insert into interactions (
    interaction_id, workflow_run_id, posting_id, conversation_id, conversation_version, actor_id, actor_type, model,
    execution_order, round, attempt, retry_count, status, inputs_key, input, input_hash, output, output_hash, branch,
    reused_from, error_class, error_message, fence, correlation_id, dagster_run_id, partition_key,
    queued_at, started_at, completed_at)
  overriding system value
  select c.interaction_id, c.workflow_run_id, c.posting_id, c.conversation_id, (p_step).version, (p_step).actor_id,
    (p_step).actor_type, (p_step).model, (p_step).execution_order, c.round, c.attempt, c.attempt - 1,
    case
      when c.error_class is not null then 'failed'
      when c.output is not null then 'completed'
      when (p_step).actor_type = 'human' then 'suspended'
      else 'running'
    end,
    c.inputs_key, c.input, c.input_hash, c.output, sha256(convert_to(c.output::text, 'UTF8')), c.branch,
    c.reused_from, c.error_class, c.error_message, c.fence,
    'workflow_' || (p_step).workflow_id || '_posting_' || c.posting_id, p_dagster_run_id, c.partition_key, c.queued_at,
    -- a ticket and what follows another call begin no call of their own: released, they were no attempt
    case when c.error_class is not null or c.output is not null
      or (c.reused_from is null and (p_step).actor_type <> 'human') then v_now end,
    case when c.error_class is not null or c.output is not null then v_now end
  from unnest(p_claims) c;

  with consumed as materialized (
    select c.interaction_id, c.workflow_run_id, c.conversation_id, c.round, c.posting_id, e.handle, e.kind, e.producer_id,
      message_id(c.workflow_run_id, c.conversation_id, c.round, e.handle, e.producer_id) as message_id
    from unnest(p_claims) c
    cross join lateral unnest(c.handles, c.kinds, c.producers) e (handle, kind, producer_id)
  ), edges as (
    insert into interaction_inputs (interaction_id, handle, message_id, posting_id, input_interaction_id, posting_version_id)
    select k.interaction_id, k.handle, k.message_id, k.posting_id,
      case k.kind when 'i' then k.producer_id end, case k.kind when 'c' then k.producer_id end
    from consumed k
  )
  update run_inbox_messages m
  set consumed_at = v_now
  from consumed k
  where m.workflow_run_id = k.workflow_run_id and m.conversation_id = k.conversation_id and m.round = k.round
    and m.message_id = k.message_id and m.consumed_at is null;

  update run_node_state n
  set status = case
      when c.error_class is not null then 'failed'
      when (p_step).actor_type = 'human' then 'suspended'
      else 'running'
    end,
    interaction_id = c.interaction_id, attempt = c.attempt, fence = c.fence, branch = null, inputs_key = c.inputs_key,
    lease_owner = case when c.error_class is null and (p_step).actor_type <> 'human' then p_worker end,
    lease_expires_at = case when c.error_class is null and (p_step).actor_type <> 'human'
      then v_now + make_interval(secs => p_lease_seconds) end,
    next_retry_at = null, updated_at = v_now
  from unnest(p_claims) c
  where c.output is null and n.workflow_run_id = c.workflow_run_id and n.conversation_id = c.conversation_id
    and n.round = c.round;
  perform advance(p_step, array(
    select (c.interaction_id, c.fence, c.workflow_run_id, c.conversation_id, c.round, c.posting_id, c.attempt,
      c.inputs_key, c.output, c.branch, null, null, null)::completion
    from unnest(p_claims) c
    where c.output is not null));
end
$$;
comment on function record_claims(step, claim[], text, integer, text)
  is 'Writes claimed interactions, their edges and node states, and lets those born completed move on.';
