-- Touches lease columns only, and only of claims that are still this worker's. Whoever holds a node just now
-- is ending or prolonging its claim, so the heartbeat waits for nobody and is part of no circle of waits.
create or replace function renew_leases(p_worker text, p_lease_seconds integer) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_renewed integer;
begin
  update run_node_state n
  set lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
  from (
    select h.workflow_run_id, h.conversation_id, h.round from run_node_state h
    where h.lease_owner = p_worker and h.lease_expires_at is not null
    for no key update skip locked
  ) h
  where n.workflow_run_id = h.workflow_run_id and n.conversation_id = h.conversation_id and n.round = h.round;
  get diagnostics v_renewed = row_count;
  return v_renewed;
end
$$;
comment on function renew_leases(text, integer) is 'Heartbeat of one worker; returns how many claims it still holds.';
