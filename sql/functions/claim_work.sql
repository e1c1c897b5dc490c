-- Claims owed nodes of a model or human step. What needs no call (reused results, refused inputs,
-- tickets) is settled here; what is returned is to be called, and reported with complete_work or fail_work.
-- Two claims of one model step come one after the other, so that they cannot both start the same call.
create or replace function claim_work(
  p_workflow_id integer, p_conversation_id integer, p_partition_key text, p_limit integer,
  p_worker text, p_lease_seconds integer, p_dagster_run_id text default null
) returns table (
  actor_id integer, interaction_id bigint, fence bigint, posting_id bigint, round smallint, input jsonb,
  claimed integer, reused integer, refused integer
)
language plpgsql volatile security definer set search_path = public, pg_temp
set join_collapse_limit = 1 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
declare
  v_step step := step_of(p_workflow_id, p_conversation_id);
  v_claims claim[];
begin
  if v_step.actor_type = 'script' then
    raise exception 'conversation % is done by a script: nobody would answer the call', p_conversation_id using errcode = 'TY404';
  end if;
  perform enter_gate_shared();
  if v_step.actor_type = 'ai_model' then
    perform pg_advisory_xact_lock(3002, p_conversation_id);
  end if;
  v_claims := bind_inputs(v_step, owed_nodes(v_step, p_partition_key, p_limit));
  if v_step.actor_type = 'ai_model' then
    v_claims := follow_live_calls(v_step, v_claims);
  end if;
  v_claims := find_reusable(v_step, v_claims);
  perform record_claims(v_step, v_claims, p_worker, p_lease_seconds, p_dagster_run_id);
  return query
    select v_step.actor_id, c.interaction_id, c.fence, c.posting_id, c.round, c.input, t.claimed, t.reused, t.refused
    from (
      select count(*)::integer as claimed, (count(*) filter (where a.output is not null))::integer as reused,
        (count(*) filter (where a.error_class is not null))::integer as refused
      from unnest(v_claims) a
    ) t
    left join unnest(v_claims) c
      on c.output is null and c.reused_from is null and c.error_class is null and v_step.actor_type = 'ai_model'
    where t.claimed > 0
    order by c.workflow_run_id;
end
$$;
comment on function claim_work(integer, integer, text, integer, text, integer, text)
  is 'Claims owed work of one step and partition: a row per call to make, or one row without an id when none is needed; no row when nothing was claimable.';
