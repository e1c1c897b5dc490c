-- Early cut-off, first half: equal inputs follow the call that is live. A live call that is just being
-- completed (locked) is left for the next claim, which finds its result. Runs before find_reusable, so
-- a call that ends in between is seen there.
create or replace function follow_live_calls(p_step step, p_claims claim[]) returns claim[]
language plpgsql volatile
as $$
declare
  v_live bigint[];
begin
  if p_step.actor_type <> 'ai_model' then
    return p_claims;
  end if;
  select array_agg(l.interaction_id) into v_live from (
    select l.interaction_id from interactions l
    where l.conversation_id = p_step.conversation_id and l.status = 'running' and l.reused_from is null
      and l.actor_type = 'ai_model' and l.input_hash in (select c.input_hash from unnest(p_claims) c)
    order by l.interaction_id
    for share of l skip locked
  ) l;
  return array(
    select (c.interaction_id, c.fence, c.workflow_run_id, c.posting_id, c.partition_key, c.round, c.attempt, c.queued_at,
      c.inputs_key, c.input, c.input_hash, c.problem, case when c.problem is null then l.interaction_id end, false)::claim
    from unnest(p_claims) c
    left join interactions l
      on l.conversation_id = p_step.conversation_id and l.input_hash = c.input_hash and l.status = 'running'
      and l.reused_from is null and l.actor_type = 'ai_model'
    where c.problem is not null or l.interaction_id is null or l.interaction_id = any (v_live));
end
$$;
comment on function follow_live_calls(step, claim[]) is 'The claims with reused_from set where an equal call is live.';
