create or replace function readers(p_step step, p_done completion[])
returns table (workflow_run_id bigint, interaction_id bigint, conversation_id integer, round smallint, handle text)
language sql stable rows 1000
as $$
  select d.workflow_run_id, d.interaction_id, i.conversation_id, i.round, i.handle
  from unnest(p_done) d
  join conversation_inputs i
    on i.workflow_id = (p_step).workflow_id and i.producer_conversation_id = d.conversation_id and i.producer_round = d.round
$$;
comment on function readers(step, completion[]) is 'Which handles of which nodes read the given answers.';
