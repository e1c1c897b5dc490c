-- Records answers: output, status, messages, newly owed nodes and published values in one transaction.
-- An answer whose claim has been taken over is kept as evidence (superseded) and never counts; the same
-- answer reported twice is accepted twice and written once.
create or replace function complete_work(
  p_workflow_id integer, p_conversation_id integer, p_interactions bigint[], p_fences bigint[], p_outputs jsonb[],
  p_branches text[], p_tokens_in integer[], p_tokens_out integer[]
) returns table (interaction_id bigint, accepted boolean)
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_step step;
  v_done completion[];
  v_undeclared bigint[];
begin
  perform enter_gate_shared();
  v_step := step_of(p_workflow_id, p_conversation_id);
  perform lock_live_work(p_interactions);

  select array_agg((i.interaction_id, i.workflow_run_id, i.posting_id, i.round, i.inputs_key, i.fence, a.output, a.branch,
      a.tokens_in, a.tokens_out)::completion order by i.workflow_run_id)
    filter (where b.branch is not null),
    array_agg(i.interaction_id) filter (where b.branch is null)
  into v_done, v_undeclared
  from unnest(p_interactions, p_fences, p_outputs, p_branches, p_tokens_in, p_tokens_out)
    a (interaction_id, fence, output, branch, tokens_in, tokens_out)
  join interactions l on l.interaction_id = a.interaction_id and l.fence = a.fence and l.status = 'running'
  join interactions i on i.interaction_id = any (with_followers(array[l.interaction_id])) and i.status = 'running'
  left join conversation_branches b
    on b.workflow_id = p_workflow_id and b.conversation_id = p_conversation_id and b.branch = a.branch
  where l.conversation_id = p_conversation_id;

  if v_done is not null then
    perform write_completions(v_done);
    perform advance(v_step, v_done);
  end if;
  if v_undeclared is not null then
    perform record_failures(v_step, v_undeclared, 'undeclared_branch', 'the answer names a branch that is not declared');
  end if;
  perform keep_late_answers(p_interactions, p_fences, p_outputs);
  return query
    select a.interaction_id, coalesce(i.status in ('completed', 'failed'), false)
    from unnest(p_interactions, p_fences) a (interaction_id, fence)
    left join interactions i on i.interaction_id = a.interaction_id and i.fence = a.fence;
end
$$;
comment on function complete_work(integer, integer, bigint[], bigint[], jsonb[], text[], integer[], integer[])
  is 'Records answers of one step; returns for each whether it was accepted.';
