-- Followers of a failed call made no call of their own: they are superseded, not failed, and owed again.
create or replace function record_failures(
  p_interactions bigint[], p_error_class text, p_error_message text, p_retry_after double precision default null
) returns void
language plpgsql volatile
as $$
declare
  v_followers bigint[];
begin
  v_followers := array(select unnest(with_followers(p_interactions)) except select unnest(p_interactions));
  perform release_interactions(v_followers);

  update interactions i
  set status = 'failed', error_class = p_error_class, error_message = left(p_error_message, 1000),
    started_at = coalesce(i.started_at, i.created_at), completed_at = clock_timestamp()
  where i.interaction_id = any (p_interactions) and i.status = 'running';

  update run_node_state n
  set status = case when e.is_retryable and n.attempt < max_attempts() then 'scheduled' else 'failed' end,
    next_retry_at = case when e.is_retryable and n.attempt < max_attempts()
      then clock_timestamp() + make_interval(secs => coalesce(p_retry_after, random() * 2 ^ n.attempt)) end,
    owed_since = case when e.is_retryable and n.attempt < max_attempts() then clock_timestamp() end,
    lease_owner = null, lease_expires_at = null, updated_at = clock_timestamp()
  from interactions i, error_classes e
  where i.interaction_id = any (p_interactions) and e.error_class = p_error_class
    and n.workflow_run_id = i.workflow_run_id and n.conversation_id = i.conversation_id and n.round = i.round
    and n.fence = i.fence and n.inputs_key = i.inputs_key;
  perform settle_runs(array(
    select i.workflow_run_id from interactions i
    join run_node_state n
      on n.workflow_run_id = i.workflow_run_id and n.conversation_id = i.conversation_id and n.round = i.round
    where i.interaction_id = any (p_interactions) and n.inputs_key is distinct from i.inputs_key));
end
$$;
comment on function record_failures(bigint[], text, text, double precision)
  is 'Writes failures into interactions and nodes; their runs are locked by the caller.';
