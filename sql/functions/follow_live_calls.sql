-- Early cut-off, first half: equal inputs follow the call that is live. A live call that is just being
-- completed (locked) is left for the next claim, which finds its result. Runs before find_reusable, so
-- a call that ends in between is seen there.
create or replace function follow_live_calls(p_step step, p_claims claim[]) returns claim[]
language plpgsql volatile
as $$
declare
  v_live bigint[];
begin
  if not exists (
    select from unnest(p_claims) c
    join interactions l
      on l.conversation_id = c.conversation_id and l.input_hash = c.input_hash
      and l.status = 'running' and l.reused_from is null and l.actor_type = 'ai_model')
  then
    return p_claims;
  end if;
  select array_agg(l.interaction_id) into v_live from (
    select l.interaction_id
    from unnest(p_claims) c
    join interactions l
      on l.conversation_id = c.conversation_id and l.input_hash = c.input_hash
      and l.status = 'running' and l.reused_from is null and l.actor_type = 'ai_model'
    order by l.interaction_id
    for share of l skip locked
  ) l;
  return array(
    select (c.interaction_id, c.fence, c.workflow_run_id, c.conversation_id, c.round, c.posting_id, c.partition_key,
      c.attempt, c.queued_at, c.inputs_key, c.handles, c.kinds, c.producers, c.input, c.input_hash,
      case when c.error_class is null then l.interaction_id end, c.output, c.branch, c.error_class, c.error_message)::claim
    from unnest(p_claims) c
    left join interactions l
      on l.conversation_id = c.conversation_id and l.input_hash = c.input_hash
      and l.status = 'running' and l.reused_from is null and l.actor_type = 'ai_model'
    where c.error_class is not null or l.interaction_id is null or l.interaction_id = any (v_live));
end
$$;
comment on function follow_live_calls(step, claim[]) is 'The claims with reused_from set where an equal call is live.';
