-- Node transitions that no interaction records: owed, idle, paused. Running, completed, failed and suspended
-- are events of the interaction itself.
create or replace function log_nodes() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_hashjoin = on set enable_nestloop = off set enable_mergejoin = off
as $$
begin
  if tg_op = 'INSERT' then
    insert into execution_events (event_key, aggregate_type, aggregate_id, event_type, posting_id, metadata)
    select 'node:' || n.workflow_run_id || '/' || n.conversation_id || '/' || n.round || ':' || n.status || ':' || coalesce(n.inputs_key::text, ''),
      'node', n.workflow_run_id || '/' || n.conversation_id || '/' || n.round, 'node_' || n.status, n.posting_id,
      jsonb_build_object('conversation_id', n.conversation_id, 'status', n.status)
    from after n
    where n.status in ('scheduled', 'idle', 'paused');
  elsif exists (select from after n where n.status in ('scheduled', 'idle', 'paused')) then
    insert into execution_events (event_key, aggregate_type, aggregate_id, event_type, posting_id, metadata)
    select 'node:' || n.workflow_run_id || '/' || n.conversation_id || '/' || n.round || ':' || n.status || ':' || coalesce(n.inputs_key::text, '')
        || ':' || o.fence || ':' || coalesce(o.interaction_id, 0),
      'node', n.workflow_run_id || '/' || n.conversation_id || '/' || n.round, 'node_' || n.status, n.posting_id,
      jsonb_build_object('conversation_id', n.conversation_id, 'status', n.status)
    from after n
    join before o on o.workflow_run_id = n.workflow_run_id and o.conversation_id = n.conversation_id and o.round = n.round
    where n.status in ('scheduled', 'idle', 'paused') and o.status <> n.status
    on conflict (event_key) do nothing;
  end if;
  return null;
exception when others then
  perform count_lost_events('run_node_state', sqlerrm);
  return null;
end
$$;
comment on function log_nodes() is 'Writes the events of nodes.';
