create or replace function settle_fetches(p_runs bigint[]) returns void
language sql volatile
as $$
  select settle_fetch(o.workflow_run_id, o.conversation_id, md5('feed=t' || o.input_seq)::uuid, o.partition_key)
  from (
    select distinct on (t.workflow_run_id, t.conversation_id) t.workflow_run_id, t.conversation_id, t.input_seq, r.partition_key
    from workflow_runs r
    join trigger_inputs t on t.workflow_run_id = r.workflow_run_id and t.round = 0
    where r.workflow_run_id = any (p_runs) and r.posting_id is null
    order by t.workflow_run_id, t.conversation_id, t.input_seq desc
  ) o
$$;
comment on function settle_fetches(bigint[]) is 'Derives the state of the fetches among the given runs, whose input is their newest order.';
