-- Stores an input from outside and its message in one go; the same id twice is one input, and the first
-- payload wins. The caller holds the lock of the run.
create or replace function deliver_trigger(
  p_workflow_run_id bigint, p_conversation_id integer, p_round smallint, p_handle text, p_input_id text,
  p_payload jsonb, p_by text
) returns boolean
language plpgsql volatile
as $$
declare
  v_seq bigint;
begin
  insert into trigger_inputs (workflow_run_id, conversation_id, round, input_id, payload, delivered_by)
  values (p_workflow_run_id, p_conversation_id, p_round, p_input_id, p_payload, p_by)
  on conflict do nothing
  returning input_seq into v_seq;
  if v_seq is null then
    return false;
  end if;
  insert into run_inbox_messages (message_id, workflow_run_id, conversation_id, round, handle, msg_seq, producer_input_id)
  values (message_id(p_workflow_run_id, p_conversation_id, p_round, p_handle, v_seq), p_workflow_run_id, p_conversation_id,
    p_round, p_handle, v_seq, p_input_id);
  return true;
end
$$;
comment on function deliver_trigger(bigint, integer, smallint, text, text, jsonb, text)
  is 'Delivers an input from outside to a node; false when it was delivered before.';
