create or replace view audit_input_digests as
select i.posting_id, i.interaction_id, 'its inputs are not those whose digest was recorded' as problem
from interactions i
left join (
  select e.interaction_id,
    md5(string_agg(e.handle || '='
      || coalesce('c' || e.posting_version_id, 'i' || e.input_interaction_id, 't' || t.input_seq), ' ' order by e.handle))::uuid
      as inputs_key
  from interaction_inputs e
  join interactions o on o.interaction_id = e.interaction_id
  left join trigger_inputs t
    on t.workflow_run_id = o.workflow_run_id and t.conversation_id = o.conversation_id and t.round = o.round
    and t.input_id = e.trigger_input_id
  group by e.interaction_id
) e on e.interaction_id = i.interaction_id
where i.inputs_key is distinct from e.inputs_key;
comment on view audit_input_digests is 'Violations of invariant 9: interactions whose edges differ from what they say to have consumed.';
