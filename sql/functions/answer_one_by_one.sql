create or replace function answer_one_by_one(p_step step, p_claims claim[], p_worker text, p_dagster_run_id text) returns claim[]
language plpgsql volatile
as $$
declare
  v_claim claim;
  v_one claim[];
  v_all claim[] := '{}';
begin
  foreach v_claim in array p_claims loop
    begin
      v_one := answer_by_script(p_step, array[v_claim]);
      perform record_claims(p_step, v_one, p_worker, 60, p_dagster_run_id);
    exception when data_exception or integrity_constraint_violation or raise_exception then
      v_claim.output := null; -- from the set that failed; what it wrote is undone, the variable is not
      v_claim.branch := null;
      v_claim.error_class := 'unexpected';
      v_claim.error_message := (p_step).script_function || ': ' || sqlerrm;
      v_one := array[v_claim];
      perform record_claims(p_step, v_one, p_worker, 60, p_dagster_run_id);
    end;
    v_all := v_all || v_one;
  end loop;
  return v_all;
end
$$;
comment on function answer_one_by_one(step, claim[], text, text) is 'Does the claims of a script step each by itself; one that raises fails alone.';
