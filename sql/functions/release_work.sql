create or replace function release_work(p_interactions bigint[], p_fences bigint[]) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp
set join_collapse_limit = 1 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
declare
  v_live bigint[];
begin
  perform enter_gate_shared();
  perform lock_live_work(p_interactions);
  select array_agg(i.interaction_id) into v_live
  from unnest(p_interactions, p_fences) a (interaction_id, fence)
  join interactions i on i.interaction_id = a.interaction_id and i.fence = a.fence and i.status = 'running';
  v_live := with_followers(v_live);
  perform release_interactions(v_live);
  return cardinality(v_live);
end
$$;
comment on function release_work(bigint[], bigint[])
  is 'Gives claims back unanswered, for a worker that stops; returns how many interactions were released.';
