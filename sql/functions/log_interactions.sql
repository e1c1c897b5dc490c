-- One event per transition of an interaction. A failure to log is counted and never fails the work.
create or replace function log_interactions() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = on set enable_nestloop = off set enable_mergejoin = off
as $$
begin
  if tg_op = 'INSERT' then
    insert into execution_events (event_key, aggregate_type, aggregate_id, event_type, posting_id, event_data, metadata)
    select 'interaction:' || i.interaction_id || ':' || i.status, 'interaction', i.interaction_id::text,
      'interaction_' || i.status, i.posting_id,
      jsonb_build_object('branch', i.branch, 'round', i.round, 'attempt', i.attempt, 'reused_from', i.reused_from,
        'error_class', i.error_class),
      jsonb_build_object('conversation_id', i.conversation_id, 'actor_id', i.actor_id, 'execution_order', i.execution_order,
        'status', i.status, 'duration_ms', i.duration_ms, 'retry_count', i.retry_count,
        'correlation_id', i.correlation_id, 'causation_id', i.fence)
    from after i
    on conflict (event_key) do nothing;
  else
    insert into execution_events (event_key, aggregate_type, aggregate_id, event_type, posting_id, event_data, metadata)
    select 'interaction:' || i.interaction_id || ':' || t.transition, 'interaction', i.interaction_id::text,
      'interaction_' || split_part(t.transition, ':', 1), i.posting_id,
      jsonb_build_object('branch', i.branch, 'round', i.round, 'attempt', i.attempt, 'reused_from', i.reused_from,
        'error_class', i.error_class),
      jsonb_build_object('conversation_id', i.conversation_id, 'actor_id', i.actor_id, 'execution_order', i.execution_order,
        'status', i.status, 'duration_ms', i.duration_ms, 'retry_count', i.retry_count,
        'correlation_id', i.correlation_id, 'causation_id', i.fence)
    from after i
    join before o on o.interaction_id = i.interaction_id
    cross join lateral (
      select case
        when o.status <> i.status then i.status
        when i.invalidated and not o.invalidated then 'invalidated:' || txid_current()
        when o.invalidated and not i.invalidated then 'reinstated:' || txid_current()
        when o.enabled and not i.enabled then 'disabled:' || txid_current()
        when i.enabled and not o.enabled then 'enabled:' || txid_current()
      end as transition
    ) t
    where t.transition is not null
    on conflict (event_key) do nothing;
  end if;
  return null;
exception when others then
  perform count_lost_events('interactions', sqlerrm);
  return null;
end
$$;
comment on function log_interactions() is 'Writes the events of interactions.';
