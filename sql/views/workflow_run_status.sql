create or replace view workflow_run_status as
select r.workflow_run_id, r.workflow_id, r.posting_id, r.partition_key, run_status(n.statuses) as status,
  n.owed, n.running, n.waiting_for_person, n.done, n.failed, n.paused, r.created_at,
  coalesce(n.last_updated, r.created_at) as last_updated
from workflow_runs r
cross join lateral (
  select coalesce(array_agg(distinct s.status), '{}') as statuses,
    count(*) filter (where s.status = 'scheduled') as owed,
    count(*) filter (where s.status = 'running') as running,
    count(*) filter (where s.status = 'suspended') as waiting_for_person,
    count(*) filter (where s.status = 'completed') as done,
    count(*) filter (where s.status = 'failed') as failed,
    count(*) filter (where s.status = 'paused') as paused,
    max(s.updated_at) as last_updated
  from run_node_state s
  where s.workflow_run_id = r.workflow_run_id
) n;
comment on view workflow_run_status is 'Status of every workflow run, derived from its nodes. Valid, enabled work only.';
