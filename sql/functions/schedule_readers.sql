create or replace function schedule_readers(p_step step, p_done completion[], p_except bigint[]) returns void
language sql volatile
as $$
  select schedule_nodes(array(
    select distinct (d.workflow_run_id, i.conversation_id, i.round)::node_key
    from unnest(p_done) d
    join conversation_inputs i
      on i.workflow_id = p_step.workflow_id and i.producer_conversation_id = p_step.conversation_id
      and i.producer_round = d.round
    where not d.workflow_run_id = any (p_except)))
$$;
comment on function schedule_readers(step, completion[], bigint[])
  is 'Makes owed the readers that have what they need now and never had a state.';
