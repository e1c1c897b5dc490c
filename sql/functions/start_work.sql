create or replace function start_work(p_interactions bigint[], p_fences bigint[]) returns setof bigint
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
begin
  perform enter_gate_shared();
  return query
    update interactions i
    set started_at = clock_timestamp()
    from unnest(p_interactions, p_fences) a (interaction_id, fence)
    where i.interaction_id = a.interaction_id and i.fence = a.fence and i.status = 'running' and i.started_at is null
    returning i.interaction_id;
end
$$;
comment on function start_work(bigint[], bigint[])
  is 'Records that calls begin now, before they are made; returns those that may be made.';
