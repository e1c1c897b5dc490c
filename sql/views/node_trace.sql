create or replace view node_trace as
select r.posting_id, n.workflow_run_id, n.partition_key, n.conversation_id, c.canonical_name, s.execution_order, n.round,
  w.topological_order, n.status, n.attempt, n.interaction_id, n.branch, n.owed_since, n.next_retry_at, n.lease_owner,
  n.lease_expires_at, n.suspension_reason, n.suspension_deadline, n.updated_at
from workflow_runs r
join run_node_state n on n.workflow_run_id = r.workflow_run_id
join workflow_conversations s on s.workflow_id = r.workflow_id and s.conversation_id = n.conversation_id
join workflow_nodes w on w.workflow_id = r.workflow_id and w.conversation_id = n.conversation_id and w.round = n.round
join conversations c on c.conversation_id = n.conversation_id;
comment on view node_trace is 'Every node that has a state, with its step: what is owed, who holds it, until when.';
