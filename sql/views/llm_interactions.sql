create or replace view llm_interactions as
select i.interaction_id, i.posting_id, i.workflow_run_id, i.conversation_id, c.canonical_name, i.conversation_version,
  i.round, i.attempt, i.actor_id, i.model, i.status, i.input as request, i.output as response, i.branch,
  i.duration_ms as latency_ms, i.tokens_in, i.tokens_out, i.reused_from, i.reused_from is null as is_call,
  i.error_class, i.error_message, i.started_at, i.completed_at, i.partition_key, i.dagster_run_id
from interactions i
join conversations c using (conversation_id)
where i.actor_type = 'ai_model' and i.enabled and not i.invalidated;
comment on view llm_interactions is 'Valid, enabled interactions of models: who was asked what, the response, latency in milliseconds and status. is_call is false where an earlier or parallel result was shared.';
