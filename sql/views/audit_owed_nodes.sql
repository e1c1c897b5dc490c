-- Derives what every node of every posting has to work on, and compares. Run by run, so that memory stays
-- small however many postings there are.
create or replace view audit_owed_nodes as
select r.posting_id, n.interaction_id,
  'node ' || r.workflow_run_id || '/' || w.conversation_id || '/' || w.round || ' is ' || coalesce(n.status, 'idle')
    || case
      when n.inputs_key is null then ', though it has all inputs'
      when s.inputs_key is null then ', though it lacks an input'
      else ' on inputs that do not count any more'
    end as problem
from workflow_runs r
join workflow_nodes w on w.workflow_id = r.workflow_id
left join run_node_state n
  on n.workflow_run_id = r.workflow_run_id and n.conversation_id = w.conversation_id and n.round = w.round
left join lateral satisfied_inputs(r.workflow_id, array(
    select (r.workflow_run_id, o.conversation_id, o.round)::node_key from workflow_nodes o where o.workflow_id = r.workflow_id)) s
  on s.conversation_id = w.conversation_id and s.round = w.round
where r.posting_id is not null and n.inputs_key is distinct from s.inputs_key;
comment on view audit_owed_nodes is 'Violations of invariant 9: nodes whose state does not follow from what their inputs are now.';
