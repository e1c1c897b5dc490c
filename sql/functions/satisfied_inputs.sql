-- The rule of what is owed, first half: which nodes have what they need, and by which messages.
-- A message counts when its producer is the current interaction of its own node (for content: the
-- posting's current version); a guard is asked only over the complete set.
create or replace function satisfied_inputs(p_workflow_id integer, p_nodes node_key[])
returns table (workflow_run_id bigint, conversation_id integer, round smallint, alternative smallint, inputs_key uuid)
language sql stable
as $$
  select distinct on (t.workflow_run_id, t.conversation_id, t.round)
    t.workflow_run_id, t.conversation_id, t.round, i.alternative,
    md5(string_agg(i.handle || '=' || left(i.producer_kind, 1)
      || case i.producer_kind when 'content' then p.current_version_id else n.interaction_id end, ' ' order by i.handle))::uuid
  from unnest(p_nodes) t
  join workflow_runs r on r.workflow_run_id = t.workflow_run_id
  join postings p on p.posting_id = r.posting_id
  join conversation_inputs i
    on i.workflow_id = p_workflow_id and i.conversation_id = t.conversation_id and i.round = t.round
  left join run_node_state n
    on n.workflow_run_id = t.workflow_run_id and n.conversation_id = i.producer_conversation_id
    and n.round = i.producer_round and n.status = 'completed'
  group by t.workflow_run_id, t.conversation_id, t.round, i.alternative
  having bool_and(case i.producer_kind when 'content' then p.current_version_id else n.interaction_id end is not null)
    and case min(i.guard)
      when 'all' then bool_and(i.accepts is null or n.branch = any (i.accepts))
      else bool_or(n.branch = any (i.accepts))
    end
  order by t.workflow_run_id, t.conversation_id, t.round, i.alternative
$$;
comment on function satisfied_inputs(integer, node_key[])
  is 'Of the given nodes of one workflow, those that have what they need: satisfied set of inputs and digest of the counting messages.';
