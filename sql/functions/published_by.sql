create or replace function published_by(p_posting_id bigint, p_publishes text)
returns table (interaction_id bigint, is_current boolean)
language plpgsql stable
as $$
declare
  v_node record;
begin
  select n.status, n.interaction_id, n.branch, s.conversation_id, r.workflow_run_id into v_node
  from workflow_runs r
  join workflow_conversations s on s.workflow_id = r.workflow_id and s.publishes = p_publishes
  left join run_node_state n on n.workflow_run_id = r.workflow_run_id and n.conversation_id = s.conversation_id
  where r.posting_id = p_posting_id;
  if v_node.status = 'completed' then
    return query select v_node.interaction_id, true where v_node.branch = 'saved';
  elsif v_node.status is not null and v_node.status <> 'paused' then
    return query
      select i.interaction_id, false from interactions i
      where i.posting_id = p_posting_id and i.conversation_id = v_node.conversation_id
        and i.status = 'completed' and i.enabled and not i.invalidated and i.branch = 'saved'
      order by i.interaction_id desc
      limit 1;
  end if;
end
$$;
comment on function published_by(bigint, text)
  is 'The save interaction that sets a published value, and whether it is current or the last valid one.';
