-- Claims owed nodes of a script step, does them set-based and records them, all in this transaction. If
-- the set fails, each is done by itself, so that one bad posting fails alone.
create or replace function run_script_work(
  p_workflow_id integer, p_conversation_id integer, p_partition_key text, p_limit integer, p_worker text,
  p_dagster_run_id text default null
) returns table (completed integer, failed integer)
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_step step;
  v_claims claim[];
  v_claim claim;
  v_done integer := 0;
  v_lost integer := 0;
  v_error text;
begin
  perform enter_gate_shared();
  v_step := step_of(p_workflow_id, p_conversation_id);
  v_claims := claim_nodes(v_step, p_partition_key, p_limit, p_worker, 60, p_dagster_run_id);
  v_lost := settle_refused(v_step, v_claims);
  v_claims := array(select c from unnest(v_claims) c where c.problem is null);
  begin
    v_done := finish_scripts(v_step, v_claims);
  exception when others then
    foreach v_claim in array v_claims loop
      begin
        v_done := v_done + finish_scripts(v_step, array[v_claim]);
      exception when others then
        get stacked diagnostics v_error = message_text;
        perform record_failures(v_step, array[v_claim.interaction_id], 'unexpected', v_error);
        v_lost := v_lost + 1;
      end;
    end loop;
  end;
  return query select v_done, v_lost;
end
$$;
comment on function run_script_work(integer, integer, text, integer, text, text)
  is 'Does owed work of a script step; returns how many completed and failed, both 0 when nothing was claimable.';
