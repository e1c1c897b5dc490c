-- One event per transition of an interaction. A failure to log is counted and never fails the work. An
-- interaction has each status once, so that only events of flags can be there already.
create or replace function log_interactions() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = on set enable_nestloop = off set enable_mergejoin = off
as $$
declare
  v_changed bigint;
  v_logged bigint;
begin
  if tg_op = 'INSERT' then
    insert into execution_events (event_key, aggregate_type, aggregate_id, event_type, posting_id, event_data, metadata)
    select 'interaction:' || i.interaction_id || ':' || i.status, 'interaction', i.interaction_id::text,
      'interaction_' || i.status, i.posting_id, interaction_event_data(i), interaction_event_metadata(i)
    from after i;
    return null;
  end if;
  insert into execution_events (event_key, aggregate_type, aggregate_id, event_type, posting_id, event_data, metadata)
  select 'interaction:' || i.interaction_id || ':' || i.status, 'interaction', i.interaction_id::text,
    'interaction_' || i.status, i.posting_id, interaction_event_data(i), interaction_event_metadata(i)
  from after i
  join before o on o.interaction_id = i.interaction_id and o.status <> i.status;
  get diagnostics v_logged = row_count;
  select count(*) into v_changed from after;
  if v_logged < v_changed then
    insert into execution_events (event_key, aggregate_type, aggregate_id, event_type, posting_id, event_data, metadata)
    select 'interaction:' || i.interaction_id || ':' || t.flag || ':' || txid_current(), 'interaction', i.interaction_id::text,
      'interaction_' || t.flag, i.posting_id, interaction_event_data(i), interaction_event_metadata(i)
    from after i
    join before o on o.interaction_id = i.interaction_id and o.status = i.status
    cross join lateral (
      select case
        when i.invalidated and not o.invalidated then 'invalidated'
        when o.invalidated and not i.invalidated then 'reinstated'
        when o.enabled and not i.enabled then 'disabled'
        when i.enabled and not o.enabled then 'enabled'
      end as flag
    ) t
    where t.flag is not null
    on conflict (event_key) do nothing;
  end if;
  return null;
exception when others then
  perform count_lost_events('interactions', sqlerrm);
  return null;
end
$$;
comment on function log_interactions() is 'Writes the events of interactions.';
