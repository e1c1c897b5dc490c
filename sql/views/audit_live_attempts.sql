create or replace view audit_live_attempts as
select max(i.posting_id) as posting_id, max(i.interaction_id) as interaction_id,
  count(*) || ' attempts of one node are live' as problem
from interactions i
where i.status in ('running', 'suspended')
group by i.workflow_run_id, i.conversation_id, i.round
having count(*) > 1
union all
select max(i.posting_id), max(i.interaction_id), count(*) || ' calls with identical input are live'
from interactions i
where i.status = 'running' and i.reused_from is null and i.actor_type = 'ai_model'
group by i.conversation_id, i.input_hash
having count(*) > 1;
comment on view audit_live_attempts is 'Violations of invariant 7, first half: more than one live attempt of a node, or live call of one input.';
