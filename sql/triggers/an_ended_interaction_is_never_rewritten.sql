create or replace trigger an_ended_interaction_is_never_rewritten
  before update of interaction_id, workflow_run_id, posting_id, conversation_id, conversation_version, actor_id,
    actor_type, model, execution_order, round, attempt, status, inputs_key, input, input_hash, output, output_hash, branch,
    reused_from, error_class, error_message, retry_count, fence, correlation_id, dagster_run_id, partition_key, created_at,
    queued_at, started_at, completed_at, tokens_in, tokens_out on interactions -- flags alone need not be compared
  for each row
  when (
    old.status in ('completed', 'failed', 'superseded') and (
      old.interaction_id, old.workflow_run_id, old.posting_id, old.conversation_id, old.conversation_version, old.actor_id,
      old.actor_type, old.model, old.execution_order, old.round, old.attempt, old.status, old.inputs_key, old.input,
      old.input_hash, old.output, old.output_hash, old.branch, old.reused_from, old.error_class, old.error_message,
      old.retry_count, old.fence, old.correlation_id, old.dagster_run_id, old.partition_key, old.created_at,
      old.queued_at, old.started_at, old.completed_at, old.tokens_in, old.tokens_out
    ) is distinct from (
      new.interaction_id, new.workflow_run_id, new.posting_id, new.conversation_id, new.conversation_version, new.actor_id,
      new.actor_type, new.model, new.execution_order, new.round, new.attempt, new.status, new.inputs_key, new.input,
      new.input_hash, new.output, new.output_hash, new.branch, new.reused_from, new.error_class, new.error_message,
      new.retry_count, new.fence, new.correlation_id, new.dagster_run_id, new.partition_key, new.created_at,
      new.queued_at, new.started_at, new.completed_at, new.tokens_in, new.tokens_out))
  execute function refuse_rewriting();
comment on trigger an_ended_interaction_is_never_rewritten on interactions
  is 'Invariant 1: an ended row changes only in enabled, invalidated and the invalidation columns.';
