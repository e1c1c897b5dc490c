-- Writes claimed interactions with their edges. Of the claims that need a call, the first of each input
-- hash leads and the others follow it.
create or replace function insert_claims(p_step step, p_claims claim[], p_dagster_run_id text)
returns claim[]
language plpgsql volatile
as $$
declare
  v_claims claim[];
begin
  if p_step.actor_type = 'ai_model' then
    p_claims := array(
      select (c.interaction_id, c.fence, c.workflow_run_id, c.posting_id, c.partition_key, c.round, c.attempt,
        c.queued_at, c.inputs_key, c.input, c.input_hash, c.problem,
        case when c.problem is null then coalesce(c.reused_from, nullif(
          first_value(c.interaction_id) over (partition by c.input_hash, c.problem is null, c.reused_from
            order by c.interaction_id), c.interaction_id)) end,
        false)::claim
      from unnest(p_claims) c);
  end if;
  v_claims := insert_interactions(p_step, p_claims, p_dagster_run_id);
  perform insert_edges(p_step, v_claims);
  return v_claims;
end
$$;
comment on function insert_claims(step, claim[], text) is 'Writes claimed interactions and their edges.';
