create or replace view steps as
select s.workflow_id, s.conversation_id, c.canonical_name, s.execution_order, s.asset_name, s.timeout_seconds,
  s.version, s.actor_id, a.actor_type, a.model, a.settings, s.publishes
from workflow_conversations s
join conversations c using (conversation_id)
join actors a using (actor_id);
comment on view steps is 'The steps of every workflow with the actor and version that new work of them uses.';
