-- Rows are locked in the order of their ids, so that two completions cannot wait for each other.
create or replace function lock_runs(p_runs bigint[]) returns void
language plpgsql volatile
as $$
begin
  perform from workflow_runs r
  where r.workflow_run_id = any (p_runs)
  order by r.workflow_run_id
  for no key update of r;
end
$$;
comment on function lock_runs(bigint[]) is 'Locks runs in the order of their ids; every change to a run''s nodes does this first.';
