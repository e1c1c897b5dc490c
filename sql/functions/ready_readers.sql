-- Readers of the given answers that may have what they need: of a set of inputs, the one whose producer comes
-- last is there. Saves looking at every input of every reader at every completion.
create or replace function ready_readers(p_step step, p_done completion[], p_except bigint[]) returns node_key[]
language sql volatile
as $$
  select array(
    select distinct (d.workflow_run_id, i.conversation_id, i.round)::node_key
    from unnest(p_done) d
    join conversation_inputs i
      on i.workflow_id = (p_step).workflow_id and i.producer_conversation_id = d.conversation_id and i.producer_round = d.round
    join conversation_inputs l
      on l.workflow_id = i.workflow_id and l.conversation_id = i.conversation_id and l.round = i.round
      and l.alternative = i.alternative and l.is_last
    where not d.workflow_run_id = any (p_except)
      and (i.is_last or exists (
        select from run_node_state n
        where n.workflow_run_id = d.workflow_run_id and n.conversation_id = l.producer_conversation_id
          and n.round = l.producer_round and n.status = 'completed')))
$$;
comment on function ready_readers(step, completion[], bigint[]) is 'Readers of the given answers whose last input is there.';
