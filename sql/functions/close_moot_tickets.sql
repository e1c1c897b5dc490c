create or replace function close_moot_tickets(p_runs bigint[]) returns void
language sql volatile
as $$
  update interactions i
  set status = 'superseded', completed_at = clock_timestamp(), error_message = 'moot: what it asked about is not current any more'
  from run_node_state n
  where i.workflow_run_id = any (p_runs) and i.status = 'suspended'
    and n.workflow_run_id = i.workflow_run_id and n.conversation_id = i.conversation_id and n.round = i.round
    and n.inputs_key is distinct from i.inputs_key
$$;
comment on function close_moot_tickets(bigint[]) is 'Closes open tickets whose inputs stopped counting.';
