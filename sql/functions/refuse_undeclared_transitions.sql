create or replace function refuse_undeclared_transitions() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_hashjoin = on set enable_nestloop = off set enable_mergejoin = off
as $$
declare
  v_bad record;
begin
  select o.workflow_run_id, o.conversation_id, o.round, o.status as from_status, n.status as to_status into v_bad
  from before o
  join after n
    on n.workflow_run_id = o.workflow_run_id and n.conversation_id = o.conversation_id and n.round = o.round
  where o.status <> n.status and not exists (
    select from node_transitions t where t.from_status = o.status and t.to_status = n.status)
  limit 1;
  if found then
    raise exception 'node %/%/% cannot go from % to %', v_bad.workflow_run_id, v_bad.conversation_id, v_bad.round,
      v_bad.from_status, v_bad.to_status
      using errcode = 'TY005', constraint = 'a_node_follows_declared_transitions';
  end if;
  return null;
end
$$;
comment on function refuse_undeclared_transitions() is 'Raises TY005 when a node goes a way that node_transitions does not declare.';
