create or replace function lock_postings(p_postings bigint[]) returns void
language sql volatile
as $$
  select lock_runs(array(select r.workflow_run_id from workflow_runs r where r.posting_id = any (p_postings)))
$$;
comment on function lock_postings(bigint[]) is 'Locks the runs of postings, in the common order.';
