create or replace view answer_counts as
select s.workflow_id, n.conversation_id, c.canonical_name, n.round, n.branch, count(*) as postings
from run_node_state n
join workflow_runs r on r.workflow_run_id = n.workflow_run_id
join workflow_conversations s on s.workflow_id = r.workflow_id and s.conversation_id = n.conversation_id
join conversations c on c.conversation_id = n.conversation_id
where n.status = 'completed'
group by s.workflow_id, n.conversation_id, c.canonical_name, n.round, n.branch;
comment on view answer_counts is 'How many postings currently have which answer of each step and round.';
