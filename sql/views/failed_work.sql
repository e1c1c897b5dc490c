-- The newest attempt is looked up node by node (limit 1 keeps it so): what has failed is few, and the
-- planner, which cannot know how few of the owed nodes were tried before, would read the whole ledger.
create or replace view failed_work as
select n.partition_key, split_part(n.partition_key, '|', 2) as source_id, n.workflow_run_id, n.posting_id,
  n.conversation_id, c.canonical_name, n.round, i.interaction_id, i.attempt, i.error_class, i.error_message,
  n.status = 'scheduled' as will_retry, n.next_retry_at, i.completed_at as failed_at
from run_node_state n
join conversations c on c.conversation_id = n.conversation_id
cross join lateral (
  select a.interaction_id, a.attempt, a.error_class, a.error_message, a.completed_at
  from interactions a
  where a.interaction_id = n.interaction_id and a.status = 'failed'
  limit 1
) i
where n.status in ('failed', 'scheduled') and (n.status = 'failed' or n.interaction_id is not null);
comment on view failed_work is 'Nodes that have failed for good, and nodes that are tried again, with their newest failure. Valid, enabled work only.';
