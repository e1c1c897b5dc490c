-- Touches lease columns only, and only of claims that are still this worker's.
create or replace function renew_leases(p_worker text, p_lease_seconds integer) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_renewed integer;
begin
  update run_node_state n
  set lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
  where n.lease_owner = p_worker and n.lease_expires_at is not null and n.status = 'running';
  get diagnostics v_renewed = row_count;
  return v_renewed;
end
$$;
comment on function renew_leases(text, integer) is 'Heartbeat of one worker; returns how many claims it still holds.';
