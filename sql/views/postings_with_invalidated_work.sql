-- Through the hits of standing invalidations, so that a large ledger need not be searched for the flag.
create or replace view postings_with_invalidated_work as
select p.posting_id, p.source_id, p.external_id, p.status, h.invalidated_interactions, h.first_invalidated_step,
  h.invalidation_ids, h.reasons, h.last_invalidated_at,
  (
    select count(*) from workflow_runs r
    join run_node_state n on n.workflow_run_id = r.workflow_run_id
    where r.posting_id = p.posting_id and n.status in ('scheduled', 'running', 'suspended')
  ) as nodes_to_redo
from (
  select i.posting_id, count(distinct i.interaction_id) as invalidated_interactions,
    min(i.execution_order) as first_invalidated_step,
    array_agg(distinct v.invalidation_id order by v.invalidation_id) as invalidation_ids,
    array_agg(distinct v.reason order by v.reason) as reasons, max(i.invalidated_at) as last_invalidated_at
  from invalidations v
  join invalidation_hits g on g.invalidation_id = v.invalidation_id
  join interactions i on i.interaction_id = g.interaction_id and i.invalidated
  where v.reinstated_at is null and i.posting_id is not null
  group by i.posting_id
) h
join postings p on p.posting_id = h.posting_id;
comment on view postings_with_invalidated_work is 'Postings that have invalidated interactions: how many, from which step on, why, and how many nodes are still to be redone.';
