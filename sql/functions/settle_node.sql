-- One node of many runs, by the order of DESIGN.md: paused, completed, running, suspended, failed,
-- scheduled, idle; the first that holds.
create or replace function settle_node(p_runs bigint[], p_workflow_id integer, p_conversation_id integer, p_round smallint)
returns void
language sql volatile
as $$
  with nodes as (
    select r.workflow_run_id, r.posting_id, r.partition_key
    from workflow_runs r
    where r.workflow_run_id = any (p_runs) and r.workflow_id = p_workflow_id and r.posting_id is not null
  ), answers as (
    select t.*, s.alternative, s.inputs_key, a.*
    from nodes t
    left join satisfied_inputs(p_workflow_id, array(
        select (workflow_run_id, p_conversation_id, p_round)::node_key from nodes)) s
      on s.workflow_run_id = t.workflow_run_id
    cross join lateral (
      select
        max(i.interaction_id) filter (where i.status = 'completed' and i.enabled and counts) as current_id,
        max(i.interaction_id) filter (where counts and i.status <> 'superseded') as newest_id,
        max(i.interaction_id) filter (where i.status = 'running') as live_id,
        count(*) > 0 as was_worked_on,
        count(*) filter (where counts and (i.status <> 'superseded' or i.started_at is not null)) as attempts
      from (
        select i.*, not i.invalidated and i.inputs_key = s.inputs_key as counts
        from interactions i
        where i.posting_id = t.posting_id and i.conversation_id = p_conversation_id and i.round = p_round
          and i.workflow_run_id = t.workflow_run_id
      ) i
    ) a
  ), derived as (
    select a.workflow_run_id, a.posting_id, a.partition_key, a.alternative, a.inputs_key, a.attempts::smallint as attempt,
      a.was_worked_on,
      l.fence as live_fence, q.queued_at, f.branch,
      case
        when n.enabled is false then 'paused'
        when a.current_id is not null then 'completed'
        when a.live_id is not null then 'running'
        when n.status = 'suspended' then 'suspended'
        when n.status = 'failed' and not (e.is_retryable and a.attempts < max_attempts()) then 'failed'
        when a.inputs_key is not null and a.current_id is null and n.interaction_id is null
          and a.attempts >= max_attempts() then 'failed'
        when a.inputs_key is not null then 'scheduled'
        else 'idle'
      end as status,
      coalesce(a.current_id, a.live_id, a.newest_id) as interaction_id
    from answers a
    left join interactions n on n.interaction_id = a.newest_id
    left join interactions f on f.interaction_id = a.current_id
    left join interactions l on l.interaction_id = a.live_id
    left join interactions q on q.interaction_id = coalesce(a.live_id, a.newest_id)
    left join error_classes e on e.error_class = n.error_class
  )
  insert into run_node_state as m (
    workflow_run_id, conversation_id, round, posting_id, partition_key, status, alternative, inputs_key, attempt,
    interaction_id, branch, fence, owed_since)
  select d.workflow_run_id, p_conversation_id, p_round, d.posting_id, d.partition_key, d.status, d.alternative,
    d.inputs_key, d.attempt, d.interaction_id, case when d.status = 'completed' then d.branch end,
    coalesce(d.live_fence, 0), case when d.status = 'scheduled' then clock_timestamp() end
  from derived d
  where d.status <> 'idle' or d.was_worked_on or exists (
    select from run_node_state k
    where k.workflow_run_id = d.workflow_run_id and k.conversation_id = p_conversation_id and k.round = p_round)
  order by d.workflow_run_id
  on conflict (workflow_run_id, conversation_id, round) do update
  set status = excluded.status, alternative = excluded.alternative, inputs_key = excluded.inputs_key,
    attempt = excluded.attempt, interaction_id = excluded.interaction_id, branch = excluded.branch,
    partition_key = excluded.partition_key,
    owed_since = case when excluded.status = 'scheduled' then coalesce(m.owed_since, excluded.owed_since) end,
    next_retry_at = case when excluded.status = 'scheduled' and m.inputs_key = excluded.inputs_key then m.next_retry_at end,
    lease_owner = case when excluded.fence = m.fence then m.lease_owner end, -- of the call that is live
    lease_expires_at = case when excluded.fence = m.fence then m.lease_expires_at end,
    suspension_reason = case when excluded.status = 'suspended' then m.suspension_reason end,
    suspension_deadline = case when excluded.status = 'suspended' then m.suspension_deadline end,
    updated_at = clock_timestamp()
  where (m.status, m.alternative, m.inputs_key, m.attempt, m.interaction_id, m.branch, m.partition_key)
    is distinct from (excluded.status, excluded.alternative, excluded.inputs_key, excluded.attempt,
      excluded.interaction_id, excluded.branch, excluded.partition_key)
    or (m.lease_owner is not null and m.fence <> excluded.fence)
$$;
comment on function settle_node(bigint[], integer, integer, smallint)
  is 'Derives the state of one node of the given runs from the ledger; its producers are already derived.';
