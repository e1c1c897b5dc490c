-- Claims owed nodes of a model or human step. What needs no call (reused results, refused inputs,
-- tickets) is settled here; what is returned is to be called, and reported with complete_work or fail_work.
create or replace function claim_work(
  p_workflow_id integer, p_conversation_id integer, p_partition_key text, p_limit integer,
  p_worker text, p_lease_seconds integer, p_dagster_run_id text default null
) returns table (
  actor_id integer, interaction_id bigint, fence bigint, posting_id bigint, round smallint, input jsonb,
  claimed integer, reused integer, refused integer
)
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_step step;
  v_claims claim[];
  v_reused integer;
  v_refused integer;
begin
  perform enter_gate_shared();
  v_step := step_of(p_workflow_id, p_conversation_id);
  v_claims := claim_nodes(v_step, p_partition_key, p_limit, p_worker, p_lease_seconds, p_dagster_run_id);
  v_reused := settle_reused(v_step, v_claims);
  v_refused := settle_refused(v_step, v_claims);
  return query
    select v_step.actor_id, c.interaction_id, c.fence, c.posting_id, c.round, c.input, cardinality(v_claims), v_reused, v_refused
    from (select) one
    left join unnest(v_claims) c on c.is_leader
    where cardinality(v_claims) > 0
    order by c.interaction_id;
end
$$;
comment on function claim_work(integer, integer, text, integer, text, integer, text)
  is 'Claims owed work of one step and partition: a row per call to make, or one row without an id when none is needed; no row when nothing was claimable.';
