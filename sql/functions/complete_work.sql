-- Records answers: output, status, messages, newly owed nodes and published values in one transaction.
-- An answer whose claim has been taken over is kept as evidence (superseded) and never counts; the same
-- answer reported twice is accepted twice and written once. p_seconds is how long each call took by the
-- worker's clock: it only says since when, by the database's.
create or replace function complete_work(
  p_workflow_id integer, p_conversation_id integer, p_interactions bigint[], p_fences bigint[], p_outputs jsonb[],
  p_branches text[], p_tokens_in integer[], p_tokens_out integer[], p_seconds double precision[] default null
) returns table (interaction_id bigint, accepted boolean)
language plpgsql volatile security definer set search_path = public, pg_temp
set join_collapse_limit = 1 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
declare
  v_step step := step_of(p_workflow_id, p_conversation_id);
  v_done completion[];
  v_undeclared bigint[];
  v_accepted bigint;
begin
  perform enter_gate_shared();
  perform lock_live_work(p_interactions);

  select array_agg((i.interaction_id, i.fence, i.workflow_run_id, i.conversation_id, i.round, i.posting_id, i.attempt,
      case when i.enabled and not i.invalidated then i.inputs_key end, -- else it is nobody's current interaction
      a.output, a.branch, a.tokens_in, a.tokens_out, a.seconds)::completion) filter (where b.branch is not null),
    array_agg(distinct l.interaction_id) filter (where b.branch is null),
    count(*) filter (where i.interaction_id = l.interaction_id)
  into v_done, v_undeclared, v_accepted
  from unnest(p_interactions, p_fences, p_outputs, p_branches, p_tokens_in, p_tokens_out, p_seconds)
    a (interaction_id, fence, output, branch, tokens_in, tokens_out, seconds)
  cross join lateral (select l.* from interactions l where l.interaction_id = a.interaction_id offset 0) l
  cross join lateral (
    select l.*
    union all
    (select f.* from interactions f where f.reused_from = l.interaction_id offset 0)
  ) i
  left join conversation_branches b
    on b.workflow_id = p_workflow_id and b.conversation_id = l.conversation_id and b.branch = a.branch
  where l.fence = a.fence and l.status = 'running' and l.conversation_id = p_conversation_id and i.status = 'running';

  if v_done is not null then
    update interactions i
    set status = 'completed', output = d.output, output_hash = sha256(convert_to(d.output::text, 'UTF8')),
      branch = d.branch, tokens_in = d.tokens_in, tokens_out = d.tokens_out,
      started_at = coalesce(
        case when d.seconds is not null and i.reused_from is null then greatest(i.created_at, clock_timestamp() - make_interval(secs => d.seconds)) end, i.started_at, clock_timestamp()),
      completed_at = clock_timestamp()
    from unnest(v_done) d
    where i.interaction_id = d.interaction_id;
    perform advance(v_step, v_done);
  end if;
  if v_undeclared is not null then
    perform record_failures(v_undeclared, 'undeclared_branch', 'the answer names a branch that is not declared');
  end if;
  if v_accepted = cardinality(p_interactions) then
    return query select a.interaction_id, true from unnest(p_interactions) a (interaction_id);
    return;
  end if;
  perform keep_late_answers(p_interactions, p_fences, p_outputs);
  return query
    select a.interaction_id, coalesce(i.status = 'completed' or i.error_class = 'undeclared_branch', false)
    from unnest(p_interactions, p_fences) a (interaction_id, fence)
    left join interactions i on i.interaction_id = a.interaction_id and i.fence = a.fence;
end
$$;
comment on function complete_work(integer, integer, bigint[], bigint[], jsonb[], text[], integer[], integer[], double precision[])
  is 'Records answers of one step; returns for each whether it was accepted.';
