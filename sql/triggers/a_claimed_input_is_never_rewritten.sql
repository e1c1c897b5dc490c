create or replace trigger a_claimed_input_is_never_rewritten
  before update of interaction_id, workflow_run_id, posting_id, conversation_id, conversation_version, actor_id, round,
    inputs_key, input_hash, fence, input on interactions -- an answer sets none of these and need not be compared
  for each row
  when (
    old.status in ('running', 'suspended') and (
      old.interaction_id, old.workflow_run_id, old.posting_id, old.conversation_id, old.conversation_version, old.actor_id,
      old.round, old.inputs_key, old.input_hash, old.fence
    ) is distinct from (
      new.interaction_id, new.workflow_run_id, new.posting_id, new.conversation_id, new.conversation_version, new.actor_id,
      new.round, new.inputs_key, new.input_hash, new.fence)
    or (old.input is not null and new.input is distinct from old.input))
  execute function refuse_rewriting();
comment on trigger a_claimed_input_is_never_rewritten on interactions
  is 'Invariant 1: what an attempt consumed is fixed when it is claimed.';
