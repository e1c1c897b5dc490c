-- A claim whose lease ran out is taken back, whatever Dagster believes of its run. Looked up first,
-- then locked in the common order, then looked up again: a heartbeat in between wins.
create or replace function release_expired_work(p_limit integer default 1000) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp
set join_collapse_limit = 1 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
declare
  v_expired bigint[];
begin
  perform enter_gate_shared();
  v_expired := expired_work(p_limit);
  if cardinality(v_expired) = 0 then
    return 0;
  end if;
  perform lock_live_work(v_expired);
  v_expired := array(select unnest(v_expired) intersect select unnest(expired_work(p_limit)));
  perform release_interactions(with_followers(v_expired));
  return cardinality(v_expired);
end
$$;
comment on function release_expired_work(integer) is 'Takes back claims whose lease ran out; returns how many.';
