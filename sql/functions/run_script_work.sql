-- Claims owed nodes of a script step, does them set-based and records them, all in this transaction. If
-- the set fails, each is done by itself, so that one bad posting fails alone.
create or replace function run_script_work(
  p_workflow_id integer, p_conversation_id integer, p_partition_key text, p_limit integer, p_worker text,
  p_dagster_run_id text default null
) returns table (completed integer, failed integer)
language plpgsql volatile security definer set search_path = public, pg_temp
set join_collapse_limit = 1 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
declare
  v_step step := step_of(p_workflow_id, p_conversation_id);
  v_claims claim[];
begin
  if v_step.script_function is null then
    raise exception 'conversation % is not done by a script', p_conversation_id using errcode = 'TY404';
  end if;
  perform enter_gate_shared();
  v_claims := bind_inputs(v_step, owed_nodes(v_step, p_partition_key, p_limit));
  begin
    v_claims := answer_by_script(v_step, v_claims);
    perform record_claims(v_step, v_claims, p_worker, 60, p_dagster_run_id);
  exception when data_exception or integrity_constraint_violation or raise_exception then
    v_claims := answer_one_by_one(v_step, v_claims, p_worker, p_dagster_run_id);
  end;
  return query
    select (count(*) filter (where c.output is not null))::integer, (count(*) filter (where c.error_class is not null))::integer
    from unnest(v_claims) c;
end
$$;
comment on function run_script_work(integer, integer, text, integer, text, text)
  is 'Does owed work of a script step; returns how many completed and failed, both 0 when nothing was claimable.';
