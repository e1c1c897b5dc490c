-- Asks for one fetch of one partition. What to fetch is a trigger input (a feed, or the plain listing of
-- the date); the same order twice is one order. Returns the claim when there is something to fetch and
-- nobody is at it; otherwise says why not.
create or replace function open_fetch(
  p_workflow_id integer, p_conversation_id integer, p_source_id text, p_partition_key text,
  p_input_id text, p_payload jsonb, p_by text, p_worker text, p_lease_seconds integer, p_dagster_run_id text default null
) returns table (state text, interaction_id bigint, fence bigint, payload jsonb)
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  v_step step;
  v_run bigint;
  v_order trigger_inputs;
  v_node run_node_state;
  v_attempt smallint;
  v_interaction bigint := nextval(pg_get_serial_sequence('interactions', 'interaction_id'));
  v_fence bigint := nextval('fences');
begin
  perform enter_gate_shared();
  v_step := step_of(p_workflow_id, p_conversation_id);
  if not exists (select from sources s where s.source_id = p_source_id and not s.retired) then
    raise exception 'source % is not declared, or retired', p_source_id using errcode = 'TY404';
  end if;
  insert into workflow_runs (workflow_id, posting_id, partition_key)
  values (p_workflow_id, null, p_partition_key)
  on conflict (workflow_id, partition_key) where posting_id is null do nothing;
  select r.workflow_run_id into v_run from workflow_runs r
  where r.workflow_id = p_workflow_id and r.partition_key = p_partition_key and r.posting_id is null;
  perform lock_runs(array[v_run]);

  if p_input_id is not null then
    perform deliver_trigger(v_run, p_conversation_id, 0::smallint, 'feed', p_input_id, p_payload, p_by);
  end if;
  select t.* into v_order from trigger_inputs t
  where t.workflow_run_id = v_run and t.conversation_id = p_conversation_id and t.round = 0
  order by t.input_seq desc limit 1;
  if v_order.input_id is null then
    return query select 'no_order', null::bigint, null::bigint, null::jsonb;
    return;
  end if;

  v_node := settle_fetch(v_run, p_conversation_id, md5('feed=t' || v_order.input_seq)::uuid, p_partition_key);
  if v_node.status in ('completed', 'running', 'paused') then
    return query select v_node.status, v_node.interaction_id, null::bigint, v_order.payload;
    return;
  end if;

  v_attempt := v_node.attempt + 1;
  insert into interactions (
    interaction_id, workflow_run_id, posting_id, conversation_id, conversation_version, actor_id, actor_type, model,
    execution_order, round, attempt, retry_count, status, inputs_key, input, input_hash, fence, correlation_id,
    dagster_run_id, partition_key, queued_at, started_at)
  overriding system value
  values (v_interaction, v_run, null, p_conversation_id, v_step.version, v_step.actor_id, v_step.actor_type, v_step.model,
    v_step.execution_order, 0, v_attempt, v_attempt - 1, 'running', v_node.inputs_key,
    jsonb_build_object('source', p_source_id, 'partition', p_partition_key, 'feed', v_order.payload),
    sha256(v_step.digest || convert_to(v_order.payload::text || p_partition_key, 'UTF8')), v_fence,
    'workflow_' || p_workflow_id || '_partition_' || p_partition_key || '_order_' || v_order.input_seq,
    p_dagster_run_id, p_partition_key, coalesce(v_node.owed_since, clock_timestamp()), clock_timestamp());
  insert into interaction_inputs (interaction_id, handle, message_id, trigger_input_id)
  values (v_interaction, 'feed', message_id(v_run, p_conversation_id, 0::smallint, 'feed', v_order.input_seq), v_order.input_id);
  update trigger_inputs t set processed_at = coalesce(t.processed_at, clock_timestamp())
  where t.workflow_run_id = v_run and t.conversation_id = p_conversation_id and t.round = 0 and t.input_id = v_order.input_id;
  update run_inbox_messages m set consumed_at = coalesce(m.consumed_at, clock_timestamp())
  where m.workflow_run_id = v_run and m.conversation_id = p_conversation_id and m.round = 0
    and m.producer_input_id = v_order.input_id;
  update run_node_state n
  set status = 'running', interaction_id = v_interaction, attempt = v_attempt, fence = v_fence, lease_owner = p_worker,
    lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds), next_retry_at = null,
    updated_at = clock_timestamp()
  where n.workflow_run_id = v_run and n.conversation_id = p_conversation_id and n.round = 0;
  return query select 'claimed', v_interaction, v_fence, v_order.payload;
end
$$;
comment on function open_fetch(integer, integer, text, text, text, jsonb, text, text, integer, text)
  is 'Orders and claims one fetch: claimed, or completed, running, paused, no_order.';
