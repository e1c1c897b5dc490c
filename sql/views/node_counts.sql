create or replace view node_counts as
select n.partition_key, n.conversation_id, n.status, count(*)::integer as nodes
from run_node_state n
where n.posting_id is not null
group by n.partition_key, n.conversation_id, n.status;
comment on view node_counts is 'How many nodes of each step of each partition are in which state.';
