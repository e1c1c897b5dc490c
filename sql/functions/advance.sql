-- What follows from interactions that have just completed: node, messages, newly owed nodes, published
-- values. Called in the transaction that completes them, with their runs locked, so two producers of one
-- reader cannot both miss it.
create or replace function advance(p_step step, p_done completion[]) returns void
language plpgsql volatile
as $$
declare
  v_overtaken bigint[];
  v_known bigint[];
begin
  with moved as (
    update run_node_state n
    set status = 'completed', interaction_id = d.interaction_id, branch = d.branch,
      lease_owner = null, lease_expires_at = null, next_retry_at = null, owed_since = null,
      suspension_reason = null, suspension_deadline = null, updated_at = clock_timestamp()
    from unnest(p_done) d
    where n.workflow_run_id = d.workflow_run_id and n.conversation_id = p_step.conversation_id and n.round = d.round
      and n.fence = d.fence and n.inputs_key = d.inputs_key
    returning n.workflow_run_id
  )
  select array_agg(d.workflow_run_id) into v_overtaken
  from unnest(p_done) d
  where not exists (select from moved m where m.workflow_run_id = d.workflow_run_id);

  insert into run_inbox_messages (
    message_id, workflow_run_id, conversation_id, round, handle, msg_seq, producer_interaction_id)
  select distinct message_id(d.workflow_run_id, i.conversation_id, i.round, i.handle, d.interaction_id),
    d.workflow_run_id, i.conversation_id, i.round, i.handle, d.interaction_id, d.interaction_id
  from unnest(p_done) d
  join conversation_inputs i
    on i.workflow_id = p_step.workflow_id and i.producer_conversation_id = p_step.conversation_id
    and i.producer_round = d.round
  on conflict do nothing;

  -- a reader that already has a state is derived anew, with all that follows from it
  select coalesce(v_overtaken, '{}') || coalesce(array_agg(distinct d.workflow_run_id), '{}') into v_known
  from unnest(p_done) d
  join conversation_inputs i
    on i.workflow_id = p_step.workflow_id and i.producer_conversation_id = p_step.conversation_id
    and i.producer_round = d.round
  join run_node_state n
    on n.workflow_run_id = d.workflow_run_id and n.conversation_id = i.conversation_id and n.round = i.round;
  perform schedule_readers(p_step, p_done, v_known);
  if cardinality(v_known) > 0 then
    perform settle_runs(v_known);
  end if;
  perform settle_postings(array(
    select d.posting_id from unnest(p_done) d
    left join conversation_branches b
      on b.workflow_id = p_step.workflow_id and b.conversation_id = p_step.conversation_id and b.branch = d.branch
    where (p_step.publishes is not null or b.posting_status is not null) and not d.workflow_run_id = any (v_known)));
end
$$;
comment on function advance(step, completion[])
  is 'Node, messages, newly owed nodes and published values that follow from completed interactions.';
