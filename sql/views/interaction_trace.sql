create or replace view interaction_trace as
select i.interaction_id, i.posting_id, i.workflow_run_id, i.partition_key, i.conversation_id, c.canonical_name,
  i.conversation_version, i.execution_order, i.round, i.attempt, i.status, i.actor_type, i.model, i.branch,
  n.status = 'completed' and n.interaction_id = i.interaction_id as is_current,
  i.enabled, i.invalidated, i.invalidation_reason, i.invalidated_by, i.invalidated_at, i.reused_from,
  i.error_class, i.error_message, i.queued_at, i.started_at, i.completed_at, i.duration_ms, i.tokens_in, i.tokens_out,
  i.dagster_run_id, v.prompt, i.input, i.output
from interactions i
join conversations c on c.conversation_id = i.conversation_id
join conversation_versions v on v.conversation_id = i.conversation_id and v.version = i.conversation_version
left join run_node_state n
  on n.workflow_run_id = i.workflow_run_id and n.conversation_id = i.conversation_id and n.round = i.round;
comment on view interaction_trace is 'Every interaction with its step, prompt and node: is_current says whether its result counts now.';
