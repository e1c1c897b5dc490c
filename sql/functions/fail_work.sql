-- Records failed attempts, each with its class. A retryable one is owed again after a
-- back-off with full jitter (p_retry_after, seconds, wins where a server gave it), at most three times.
create or replace function fail_work(
  p_interactions bigint[], p_fences bigint[], p_error_classes text[], p_error_messages text[], p_retry_after double precision[]
) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp
set join_collapse_limit = 1 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
declare
  v_failure record;
  v_count integer := 0;
begin
  perform enter_gate_shared();
  perform lock_live_work(p_interactions);
  for v_failure in
    select coalesce(e.error_class, 'unexpected') as error_class,
      case when e.error_class is null then 'undeclared error class ' || coalesce(a.error_class, 'null') || ': ' else '' end
        || coalesce(a.error_message, '') as error_message,
      a.retry_after, array_agg(i.interaction_id order by i.interaction_id) as ids
    from unnest(p_interactions, p_fences, p_error_classes, p_error_messages, p_retry_after)
      a (interaction_id, fence, error_class, error_message, retry_after)
    join interactions i on i.interaction_id = a.interaction_id and i.fence = a.fence and i.status = 'running'
    left join error_classes e on e.error_class = a.error_class
    group by 1, 2, 3
    order by min(i.interaction_id)
  loop
    perform record_failures(v_failure.ids, v_failure.error_class, v_failure.error_message, v_failure.retry_after);
    v_count := v_count + cardinality(v_failure.ids);
  end loop;
  return v_count;
end
$$;
comment on function fail_work(bigint[], bigint[], text[], text[], double precision[])
  is 'Records failed attempts; returns how many were accepted.';
