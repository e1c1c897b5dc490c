create or replace function insert_edges(p_step step, p_claims claim[]) returns void
language plpgsql volatile
as $$
begin
  insert into interaction_inputs (interaction_id, handle, message_id, posting_id, input_interaction_id, posting_version_id)
  select c.interaction_id, i.handle,
    message_id(c.workflow_run_id, p_step.conversation_id, c.round, i.handle,
      case i.producer_kind when 'content' then p.current_version_id else m.interaction_id end),
    c.posting_id, m.interaction_id, case i.producer_kind when 'content' then p.current_version_id end
  from unnest(p_claims) c
  join run_node_state n
    on n.workflow_run_id = c.workflow_run_id and n.conversation_id = p_step.conversation_id and n.round = c.round
  join conversation_inputs i
    on i.workflow_id = p_step.workflow_id and i.conversation_id = p_step.conversation_id and i.round = c.round
    and i.alternative = n.alternative
  join postings p on p.posting_id = c.posting_id
  left join run_node_state m
    on m.workflow_run_id = c.workflow_run_id and m.conversation_id = i.producer_conversation_id
    and m.round = i.producer_round and m.status = 'completed'
  where i.producer_kind = 'content' or m.interaction_id is not null;

  update run_inbox_messages m
  set consumed_at = clock_timestamp()
  from unnest(p_claims) c
  join interaction_inputs i on i.interaction_id = c.interaction_id
  where m.workflow_run_id = c.workflow_run_id and m.conversation_id = p_step.conversation_id and m.round = c.round
    and m.message_id = i.message_id and m.consumed_at is null;
end
$$;
comment on function insert_edges(step, claim[]) is 'Records what each claimed interaction consumed.';
