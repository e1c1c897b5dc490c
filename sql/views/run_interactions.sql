create or replace view run_interactions as
select i.dagster_run_id, i.partition_key, s.asset_name, c.canonical_name as conversation, i.interaction_id, i.posting_id,
  i.round, i.status, i.branch, i.error_class, i.reused_from
from interactions i
join workflow_runs r on r.workflow_run_id = i.workflow_run_id
join workflow_conversations s on s.workflow_id = r.workflow_id and s.conversation_id = i.conversation_id
join conversations c on c.conversation_id = i.conversation_id
where i.dagster_run_id is not null;
comment on view run_interactions is 'What each Dagster run did, by id: no text of any posting.';
