-- The rule of what is owed for a fetch, whose only input is the newest order. An expired claim is taken back.
create or replace function settle_fetch(p_run bigint, p_conversation_id integer, p_inputs_key uuid, p_partition_key text)
returns run_node_state
language plpgsql volatile
as $$
declare
  v_node run_node_state;
begin
  update interactions i set status = 'superseded', completed_at = clock_timestamp()
  from run_node_state n
  where i.workflow_run_id = p_run and i.posting_id is null and i.status = 'running' and n.workflow_run_id = p_run
    and n.conversation_id = i.conversation_id and n.fence = i.fence
    and (n.lease_expires_at is null or n.lease_expires_at < clock_timestamp());
  insert into run_node_state as m (
    workflow_run_id, conversation_id, round, partition_key, status, alternative, inputs_key, attempt, interaction_id, branch,
    owed_since)
  select p_run, p_conversation_id, 0, p_partition_key,
    case
      when n.enabled is false then 'paused'
      when a.current_id is not null then 'completed'
      when a.live_id is not null then 'running'
      when n.status = 'failed' and not (e.is_retryable and a.attempts < max_attempts()) then 'failed'
      else 'scheduled'
    end, 0, p_inputs_key, a.attempts, coalesce(a.current_id, a.live_id, a.newest_id), c.branch, clock_timestamp()
  from (
    select max(i.interaction_id) filter (where i.status = 'completed' and i.enabled and i.counts) as current_id,
      max(i.interaction_id) filter (where i.counts and i.status <> 'superseded') as newest_id,
      max(i.interaction_id) filter (where i.status = 'running') as live_id,
      count(*) filter (where i.counts) as attempts
    from (
      select i.*, not i.invalidated and i.inputs_key = p_inputs_key as counts from interactions i
      where i.workflow_run_id = p_run and i.posting_id is null
    ) i
  ) a
  left join interactions n on n.interaction_id = a.newest_id
  left join interactions c on c.interaction_id = a.current_id
  left join error_classes e on e.error_class = n.error_class
  on conflict (workflow_run_id, conversation_id, round) do update
  set status = excluded.status, inputs_key = excluded.inputs_key, attempt = excluded.attempt,
    interaction_id = excluded.interaction_id, branch = excluded.branch, alternative = excluded.alternative,
    owed_since = case when excluded.status = 'scheduled' then coalesce(m.owed_since, excluded.owed_since) end,
    lease_owner = case when excluded.status = 'running' then m.lease_owner end,
    lease_expires_at = case when excluded.status = 'running' then m.lease_expires_at end,
    updated_at = clock_timestamp()
  returning * into v_node;
  return v_node;
end
$$;
comment on function settle_fetch(bigint, integer, uuid, text) is 'Derives the state of a fetch node from the ledger.';
