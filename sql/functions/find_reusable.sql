-- Early cut-off, second half: an earlier completed result of the same inputs, prompt version and actor is
-- used again. What still needs a call follows one leader per input hash. Mostly there is neither, which is
-- asked first.
create or replace function find_reusable(p_step step, p_claims claim[]) returns claim[]
language plpgsql stable
as $$
begin
  if (
    select count(*) = count(distinct c.input_hash) and not bool_or(exists (
        select from interactions i
        where i.conversation_id = c.conversation_id and i.input_hash = c.input_hash
          and i.status = 'completed' and i.reused_from is null and i.actor_type <> 'script'))
    from unnest(p_claims) c)
  then
    return p_claims;
  end if;
  return array(
    select (c.interaction_id, c.fence, c.workflow_run_id, c.conversation_id, c.round, c.posting_id, c.partition_key,
      c.attempt, c.queued_at, c.inputs_key, c.handles, c.kinds, c.producers, c.input, c.input_hash,
      case
        when c.error_class is not null then null
        else coalesce(c.reused_from, r.interaction_id, case (p_step).actor_type when 'ai_model' then nullif(
          first_value(c.interaction_id) over (
            partition by c.input_hash, c.error_class is null, coalesce(c.reused_from, r.interaction_id)
            order by c.interaction_id), c.interaction_id) end)
      end,
      r.output, r.branch, c.error_class, c.error_message)::claim
    from unnest(p_claims) c
    left join lateral (
      select i.interaction_id, i.output, i.branch
      from interactions i
      where i.conversation_id = c.conversation_id and i.input_hash = c.input_hash
        and i.status = 'completed' and i.reused_from is null and i.actor_type <> 'script'
        and i.enabled and not is_tainted(i.interaction_id)
        and c.error_class is null and c.reused_from is null
      order by i.interaction_id desc
      limit 1
    ) r on true);
end
$$;
comment on function find_reusable(step, claim[]) is 'The claims with an earlier result, or the leader that they follow.';
