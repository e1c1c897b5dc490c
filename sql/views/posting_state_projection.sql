-- The current step is the first one, in execution order, that is not done; where all are, the last.
-- Outputs and sequence are of current interactions, so nothing invalidated or disabled is in them;
-- history is everything that was tried, each entry with its flags.
create or replace view posting_state_projection as
select r.posting_id, r.workflow_id, r.workflow_run_id, s.execution_order as current_step,
  s.conversation_id as current_conversation_id, run_status(n.statuses) as status,
  n.execution_sequence, n.outputs, h.history,
  not n.statuses && array['scheduled', 'running', 'suspended'] as is_terminal,
  greatest(n.last_updated, h.last_updated, r.created_at) as last_updated
from workflow_runs r
cross join lateral (
  select coalesce(array_agg(distinct m.status), '{}') as statuses,
    coalesce(array_agg(m.conversation_id order by m.interaction_id) filter (where m.status = 'completed'), '{}')
      as execution_sequence,
    coalesce(jsonb_object_agg(m.conversation_id, i.output order by m.round) filter (where m.status = 'completed'), '{}')
      as outputs,
    max(m.updated_at) as last_updated
  from run_node_state m
  left join interactions i on i.interaction_id = m.interaction_id and m.status = 'completed'
  where m.workflow_run_id = r.workflow_run_id
) n
left join lateral (
  select c.execution_order, c.conversation_id
  from run_node_state m
  join workflow_conversations c on c.workflow_id = r.workflow_id and c.conversation_id = m.conversation_id
  where m.workflow_run_id = r.workflow_run_id and m.status <> 'idle'
  order by m.status = 'completed', case when m.status = 'completed' then -c.execution_order else c.execution_order end
  limit 1
) s on true
cross join lateral (
  select coalesce(jsonb_agg(jsonb_build_object(
      'interaction_id', i.interaction_id, 'conversation_id', i.conversation_id, 'round', i.round,
      'attempt', i.attempt, 'status', i.status, 'branch', i.branch, 'enabled', i.enabled,
      'invalidated', i.invalidated, 'preview', left(i.output::text, 100)) order by i.interaction_id), '[]') as history,
    max(greatest(i.created_at, i.started_at, i.completed_at, i.invalidated_at)) as last_updated
  from interactions i
  where i.posting_id = r.posting_id and i.workflow_run_id = r.workflow_run_id
) h
where r.posting_id is not null;
comment on view posting_state_projection is 'Where every posting stands: current step and conversation, status, what ran in which order, outputs by conversation id, history with previews of 100 characters.';
