create or replace function answer_by_script(p_step step, p_claims claim[]) returns claim[]
language plpgsql volatile
set enable_hashjoin = on -- answers are joined to claims, both without an index
as $$
declare
  v_claims claim[];
begin
  execute format(
    'with answers as materialized (select * from %I($1))
     select array_agg((c.interaction_id, c.fence, c.workflow_run_id, c.conversation_id, c.round, c.posting_id,
       c.partition_key, c.attempt, c.queued_at, c.inputs_key, c.handles, c.kinds, c.producers, c.input, c.input_hash,
       null, a.output, a.branch,
       case when a.interaction_id is null then coalesce(c.error_class, ''unexpected'') end,
       case when a.interaction_id is null then coalesce(c.error_message, ''the script gave no answer'') end)::claim)
     from unnest($2) c left join answers a on a.interaction_id = c.interaction_id', (p_step).script_function)
  into v_claims
  using array(select c from unnest(p_claims) c where c.error_class is null), p_claims;
  return coalesce(v_claims, '{}');
end
$$;
comment on function answer_by_script(step, claim[]) is 'The claims with the answers of the step''s script.';
