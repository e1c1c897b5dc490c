create or replace view audit_completed_nodes as
select n.posting_id, n.interaction_id,
  'node ' || n.workflow_run_id || '/' || n.conversation_id || '/' || n.round || ' is completed, and its interaction '
    || case
      when i.interaction_id is null then 'is not of this node'
      when i.status <> 'completed' then 'is ' || i.status
      when i.invalidated then 'is invalidated'
      when not i.enabled then 'is disabled'
      when i.branch is distinct from n.branch then 'answered another branch'
      else 'consumed other inputs'
    end as problem
from run_node_state n
left join interactions i
  on i.interaction_id = n.interaction_id and i.workflow_run_id = n.workflow_run_id
  and i.conversation_id = n.conversation_id and i.round = n.round
where n.status = 'completed' and (
  i.interaction_id is null or i.status <> 'completed' or i.invalidated or not i.enabled
  or i.branch is distinct from n.branch or i.inputs_key is distinct from n.inputs_key)
union all
select n.posting_id, i.interaction_id,
  'node ' || n.workflow_run_id || '/' || n.conversation_id || '/' || n.round || ' is ' || n.status
    || ', and this interaction answers its inputs'
from run_node_state n
cross join lateral (
  select i.interaction_id from interactions i
  where i.posting_id = n.posting_id and i.conversation_id = n.conversation_id and i.round = n.round
    and i.workflow_run_id = n.workflow_run_id and i.status = 'completed' and i.enabled and not i.invalidated
    and i.inputs_key = n.inputs_key
  order by i.interaction_id desc
  limit 1
) i
where n.status not in ('completed', 'paused');
comment on view audit_completed_nodes is 'Violations of invariant 9: completed nodes without a current interaction, and the other way round.';
