create or replace function finish_scripts(p_step step, p_claims claim[]) returns integer
language plpgsql volatile
as $$
declare
  v_done completion[];
begin
  if cardinality(p_claims) = 0 then
    return 0;
  end if;
  execute format(
    'select array_agg((c.interaction_id, c.workflow_run_id, c.posting_id, c.round, c.inputs_key, c.fence, s.output, s.branch,
       null, null)::completion)
     from %I($1) s join unnest($1) c on c.interaction_id = s.interaction_id', p_step.script_function)
  into v_done using p_claims;
  if coalesce(cardinality(v_done), 0) <> cardinality(p_claims) then
    raise exception '% answered % of % interactions', p_step.script_function, coalesce(cardinality(v_done), 0), cardinality(p_claims);
  end if;
  perform write_completions(v_done);
  perform advance(p_step, v_done);
  return cardinality(v_done);
end
$$;
comment on function finish_scripts(step, claim[]) is 'Runs the script of a step over claims and records the answers.';
