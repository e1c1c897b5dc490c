-- A run that has no state yet can only owe what reads nothing but content; all others are derived whole.
create or replace function settle_moved_runs(p_runs bigint[]) returns void
language plpgsql volatile
as $$
declare
  v_known bigint[];
  v_workflow record;
begin
  if coalesce(cardinality(p_runs), 0) = 0 then
    return;
  end if;
  v_known := array(select distinct n.workflow_run_id from run_node_state n where n.workflow_run_id = any (p_runs));
  for v_workflow in
    select r.workflow_id, array_agg((r.workflow_run_id, c.conversation_id, c.round)::node_key) as nodes
    from workflow_runs r
    join workflow_nodes c on c.workflow_id = r.workflow_id
    where r.workflow_run_id = any (p_runs) and not r.workflow_run_id = any (v_known)
      and not exists (
        select from conversation_inputs i
        where i.workflow_id = c.workflow_id and i.conversation_id = c.conversation_id and i.round = c.round
          and i.producer_kind <> 'content')
    group by r.workflow_id
  loop
    perform schedule_nodes(v_workflow.workflow_id, v_workflow.nodes);
  end loop;
  perform settle_runs(v_known);
  perform settle_postings(array(
    select r.posting_id from workflow_runs r
    join postings p on p.posting_id = r.posting_id and p.current_version_id is null
    where r.workflow_run_id = any (p_runs) and not r.workflow_run_id = any (v_known)));
end
$$;
comment on function settle_moved_runs(bigint[]) is 'Derives what is owed in runs whose content moved; their locks are held by the caller.';
