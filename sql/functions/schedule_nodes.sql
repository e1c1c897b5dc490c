create or replace function schedule_nodes(p_workflow_id integer, p_nodes node_key[]) returns void
language sql volatile
as $$
  insert into run_node_state (
    workflow_run_id, conversation_id, round, posting_id, partition_key, status, alternative, inputs_key, owed_since)
  select s.workflow_run_id, s.conversation_id, s.round, r.posting_id, r.partition_key, 'scheduled', s.alternative,
    s.inputs_key, clock_timestamp()
  from satisfied_inputs(p_workflow_id, p_nodes) s
  join workflow_runs r on r.workflow_run_id = s.workflow_run_id
$$;
comment on function schedule_nodes(integer, node_key[]) is 'Makes owed, of nodes that never had a state, those that have what they need.';
