-- Interactions that are current, and pages that are staged, by partition and asset, boiled down to one
-- digest: equal digests mean that nothing which counts has changed.
create or replace view asset_versions as
select c.partition_key, c.asset_name, count(*)::integer as items,
  md5(string_agg(c.item, ' ' order by c.item_id)) as version
from (
  select r.partition_key, s.asset_name, n.interaction_id as item_id, n.interaction_id || '=' || n.branch as item
  from workflow_runs r
  join run_node_state n on n.workflow_run_id = r.workflow_run_id and n.status = 'completed'
  join workflow_conversations s on s.workflow_id = r.workflow_id and s.conversation_id = n.conversation_id
  where r.posting_id is not null
  union all
  select r.partition_key, s.asset_name, n.interaction_id, n.interaction_id || '=' || n.branch
  from workflow_runs r
  join run_node_state n on n.workflow_run_id = r.workflow_run_id and n.status = 'completed'
  join workflow_conversations s on s.workflow_id = r.workflow_id and s.conversation_id = n.conversation_id
  where r.posting_id is null
  union all
  select r.partition_key, 'staged_postings', p.raw_page_id, p.raw_page_id || '=' || p.row_count
  from workflow_runs r
  join interactions f
    on f.workflow_run_id = r.workflow_run_id and f.posting_id is null and f.enabled and not f.invalidated
  join raw_pages p on p.interaction_id = f.interaction_id and p.staged_at is not null
  where r.posting_id is null
) c
group by c.partition_key, c.asset_name;
comment on view asset_versions is 'Digest of the current interactions (for staged_postings: staged pages) of every asset in every partition.';
