create or replace view audit_undelivered_messages as
select n.posting_id, n.interaction_id,
  'its result was not delivered to input ' || i.handle || ' of conversation ' || i.conversation_id || ', round ' || i.round as problem
from run_node_state n
join workflow_runs r on r.workflow_run_id = n.workflow_run_id
join conversation_inputs i
  on i.workflow_id = r.workflow_id and i.producer_conversation_id = n.conversation_id and i.producer_round = n.round
where n.status = 'completed' and not exists (
  select from run_inbox_messages m
  where m.workflow_run_id = n.workflow_run_id and m.conversation_id = i.conversation_id and m.round = i.round
    and m.handle = i.handle and m.producer_interaction_id = n.interaction_id);
comment on view audit_undelivered_messages is 'Violations of invariant 6: results that were recorded without the messages that go with them.';
