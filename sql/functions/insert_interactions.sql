-- The one place where an interaction is made. A claim with a problem is born failed, one that shares an
-- earlier result is born completed, one that follows a live call is running without a call of its own.
create or replace function insert_interactions(p_step step, p_claims claim[], p_dagster_run_id text)
returns claim[]
language sql volatile
as $$
  with born as (
    select c.*, o.output, o.output_hash, o.branch, clock_timestamp() as now,
      case
        when c.problem is not null then 'failed'
        when o.interaction_id is not null then 'completed'
        when p_step.actor_type = 'human' then 'suspended'
        else 'running'
      end as status
    from unnest(p_claims) c
    left join interactions o on o.interaction_id = c.reused_from and o.status = 'completed'
  ), inserted as (
    insert into interactions (
      interaction_id, workflow_run_id, posting_id, conversation_id, conversation_version, actor_id, actor_type, model,
      execution_order, round, attempt, retry_count, status, inputs_key, input, input_hash, output, output_hash, branch,
      reused_from, error_class, error_message, fence, correlation_id, dagster_run_id, partition_key,
      queued_at, started_at, completed_at)
    overriding system value
    select b.interaction_id, b.workflow_run_id, b.posting_id, p_step.conversation_id, p_step.version, p_step.actor_id,
      p_step.actor_type, p_step.model, p_step.execution_order, b.round, b.attempt, b.attempt - 1, b.status,
      b.inputs_key, b.input, b.input_hash, b.output, b.output_hash, b.branch, b.reused_from,
      case when b.status = 'failed' then 'invalid_input' end, b.problem, b.fence,
      'workflow_' || p_step.workflow_id || '_posting_' || b.posting_id, p_dagster_run_id, b.partition_key, b.queued_at,
      b.now,
      case when b.status in ('completed', 'failed') then b.now end
    from born b
    order by b.input_hash, b.interaction_id
    returning interaction_id, status
  )
  select coalesce(array_agg((c.interaction_id, c.fence, c.workflow_run_id, c.posting_id, c.partition_key, c.round,
    c.attempt, c.queued_at, c.inputs_key, c.input, c.input_hash, c.problem, c.reused_from,
    i.status = 'running' and c.reused_from is null)::claim), '{}')
  from unnest(p_claims) c
  join inserted i on i.interaction_id = c.interaction_id
$$;
comment on function insert_interactions(step, claim[], text)
  is 'Inserts interactions and returns their claims, those to be called marked as leaders.';
