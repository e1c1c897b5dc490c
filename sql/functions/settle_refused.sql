create or replace function settle_refused(p_step step, p_claims claim[]) returns integer
language plpgsql volatile
as $$
declare
  v_refused integer;
begin
  update run_node_state n
  set status = 'failed', lease_owner = null, lease_expires_at = null, updated_at = clock_timestamp()
  from unnest(p_claims) c
  where c.problem is not null and n.workflow_run_id = c.workflow_run_id
    and n.conversation_id = p_step.conversation_id and n.round = c.round;
  get diagnostics v_refused = row_count;
  return v_refused;
end
$$;
comment on function settle_refused(step, claim[]) is 'Fails the nodes of claims whose input was refused; returns how many.';
