-- The rule of what is owed, whole: derives the state of every node of the given runs from the ledger,
-- producers first. Used whenever inputs move (new content, invalidation, rebuild); the first pass over
-- fresh work takes the short way through schedule_readers and ends the same.
-- The caller holds the locks of the runs.
create or replace function settle_runs(p_runs bigint[]) returns void
language plpgsql volatile
as $$
declare
  v_node record;
begin
  if coalesce(cardinality(p_runs), 0) = 0 then
    return;
  end if;
  for v_node in
    select distinct c.workflow_id, c.conversation_id, c.round, c.topological_order
    from workflow_nodes c
    where c.workflow_id in (select r.workflow_id from workflow_runs r where r.workflow_run_id = any (p_runs))
    order by c.topological_order
  loop
    perform settle_node(p_runs, v_node.workflow_id, v_node.conversation_id, v_node.round);
  end loop;
  perform settle_fetches(p_runs);
  perform close_moot_tickets(p_runs);
  perform settle_postings(array(
    select r.posting_id from workflow_runs r where r.workflow_run_id = any (p_runs) and r.posting_id is not null));
end
$$;
comment on function settle_runs(bigint[]) is 'Derives all nodes of the given runs, and what their postings publish, from the ledger.';
