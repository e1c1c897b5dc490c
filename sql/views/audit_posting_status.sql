create or replace view audit_posting_status as
select p.posting_id, null::bigint as interaction_id, 'its status is ' || p.status || ', its work says ' || d.status as problem
from postings p
cross join lateral (
  select case when p.current_version_id is null then 'invalidated' else coalesce((
    select max(b.posting_status)
    from workflow_runs r
    join run_node_state n on n.workflow_run_id = r.workflow_run_id and n.status = 'completed'
    join conversation_branches b
      on b.workflow_id = r.workflow_id and b.conversation_id = n.conversation_id and b.branch = n.branch
    where r.posting_id = p.posting_id), 'active') end as status
) d
where p.status <> 'erased' and p.status <> d.status and not (p.status = 'gone' and d.status = 'active');
comment on view audit_posting_status is 'Violations of invariant 9: postings whose status does not follow from their nodes.';
