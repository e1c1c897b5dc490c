-- Locks the runs of owed nodes, skipping what is locked, and returns the nodes. A claim that holds a run
-- waits for nothing, so it cannot be part of a circle with completions, which do wait for runs.
create or replace function owed_nodes(p_step step, p_partition_key text, p_limit integer) returns node_key[]
language plpgsql volatile
as $$
begin
  return array(
    select (n.workflow_run_id, n.conversation_id, n.round)::node_key
    from run_node_state n
    join workflow_runs r on r.workflow_run_id = n.workflow_run_id
    where n.partition_key = p_partition_key and n.conversation_id = (p_step).conversation_id and n.status = 'scheduled'
      and (n.next_retry_at is null or n.next_retry_at <= clock_timestamp())
      and r.workflow_id = (p_step).workflow_id
    order by n.workflow_run_id
    limit p_limit
    for no key update of r skip locked);
end
$$;
comment on function owed_nodes(step, text, integer) is 'Owed and claimable nodes of one step and partition, their runs locked.';
