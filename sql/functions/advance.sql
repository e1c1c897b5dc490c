-- What follows from interactions that have just completed: node, messages, newly owed nodes, published
-- values. Called in the transaction that completes them, with their runs locked, so two producers of one
-- reader cannot both miss it.
create or replace function advance(p_step step, p_done completion[]) returns void
language plpgsql volatile
as $$
declare
  v_current bigint[];
  v_known bigint[];
  v_ending text[];
begin
  if cardinality(p_done) = 0 then
    return;
  end if;
  with moved as (
    update run_node_state n
    set status = 'completed', interaction_id = d.interaction_id, branch = d.branch, attempt = d.attempt, fence = d.fence,
      lease_owner = null, lease_expires_at = null, next_retry_at = null, owed_since = null,
      suspension_reason = null, suspension_deadline = null, updated_at = clock_timestamp()
    from unnest(p_done) d
    where n.workflow_run_id = d.workflow_run_id and n.conversation_id = d.conversation_id and n.round = d.round
      and n.inputs_key = d.inputs_key
    returning n.workflow_run_id
  )
  select array_agg(m.workflow_run_id) into v_current from moved m;

  insert into run_inbox_messages (
    message_id, workflow_run_id, conversation_id, round, handle, msg_seq, producer_interaction_id)
  select message_id(r.workflow_run_id, r.conversation_id, r.round, r.handle, r.interaction_id),
    r.workflow_run_id, r.conversation_id, r.round, r.handle, r.interaction_id, r.interaction_id
  from readers(p_step, p_done) r
  on conflict do nothing;

  -- a run whose input moved meanwhile, or whose reader has a state already, is derived anew as a whole
  v_known := array(
    select d.workflow_run_id from unnest(p_done) d where not d.workflow_run_id = any (coalesce(v_current, '{}'))
    union
    select r.workflow_run_id
    from readers(p_step, p_done) r
    join run_node_state n
      on n.workflow_run_id = r.workflow_run_id and n.conversation_id = r.conversation_id and n.round = r.round);
  perform schedule_nodes((p_step).workflow_id, ready_readers(p_step, p_done, v_known));
  if cardinality(v_known) > 0 then
    perform settle_runs(v_known);
  end if;
  if (p_step).publishes = 'skills' then
    perform insert_skills(p_done);
  end if;
  v_ending := array(
    select b.branch from conversation_branches b
    where b.workflow_id = (p_step).workflow_id and b.conversation_id = (p_step).conversation_id and b.posting_status is not null);
  if (p_step).publishes is not null or cardinality(v_ending) > 0 then
    perform settle_postings(array(
      select d.posting_id from unnest(p_done) d
      where ((p_step).publishes is not null or d.branch = any (v_ending)) and not d.workflow_run_id = any (v_known)));
  end if;
end
$$;
comment on function advance(step, completion[])
  is 'Node, messages, newly owed nodes and published values that follow from completed interactions.';
