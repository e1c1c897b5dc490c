create or replace function settle_reused(p_step step, p_claims claim[]) returns integer
language plpgsql volatile
as $$
declare
  v_done completion[];
begin
  select array_agg((i.interaction_id, i.workflow_run_id, i.posting_id, i.round, i.inputs_key, i.fence, i.output, i.branch,
    null, null)::completion)
  into v_done
  from unnest(p_claims) c
  join interactions i on i.interaction_id = c.interaction_id and i.status = 'completed'
  where c.reused_from is not null;
  if v_done is not null then
    perform advance(p_step, v_done);
  end if;
  return coalesce(cardinality(v_done), 0);
end
$$;
comment on function settle_reused(step, claim[]) is 'Lets claims that share an earlier result move on at once; returns how many.';
