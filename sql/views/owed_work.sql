create or replace view owed_work as
select n.partition_key, n.conversation_id, n.round, n.workflow_run_id, n.posting_id, n.owed_since,
  coalesce(n.next_retry_at <= clock_timestamp(), true) as is_claimable
from run_node_state n
where n.status = 'scheduled';
comment on view owed_work is 'Nodes that are owed, and whether they may be claimed now.';
