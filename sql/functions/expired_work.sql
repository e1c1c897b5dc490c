create or replace function expired_work(p_limit integer) returns bigint[]
language sql volatile
as $$
  select array(
    select i.interaction_id
    from run_node_state n
    join interactions i
      on i.workflow_run_id = n.workflow_run_id and i.conversation_id = n.conversation_id and i.round = n.round
      and i.fence = n.fence and i.status = 'running'
    where n.lease_expires_at < clock_timestamp()
    order by n.lease_expires_at
    limit p_limit)
$$;
comment on function expired_work(integer) is 'Live interactions whose lease has run out.';
