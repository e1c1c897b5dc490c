create or replace function release_interactions(p_interactions bigint[]) returns void
language plpgsql volatile
as $$
begin
  if cardinality(p_interactions) = 0 then
    return;
  end if;
  update interactions i
  set status = 'superseded', completed_at = clock_timestamp()
  where i.interaction_id = any (p_interactions) and i.status = 'running';
  update run_node_state n
  set status = case when n.posting_id is null then 'scheduled' else n.status end,
    lease_owner = null, lease_expires_at = null, updated_at = clock_timestamp()
  from interactions i
  where i.interaction_id = any (p_interactions)
    and n.workflow_run_id = i.workflow_run_id and n.conversation_id = i.conversation_id and n.round = i.round;
  perform settle_runs(array(
    select distinct i.workflow_run_id from interactions i where i.interaction_id = any (p_interactions)));
end
$$;
comment on function release_interactions(bigint[])
  is 'Ends live claims without a result; their nodes are owed again. Their runs are locked by the caller.';
