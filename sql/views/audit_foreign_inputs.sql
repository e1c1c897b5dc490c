create or replace view audit_foreign_inputs as
select o.posting_id, e.interaction_id, 'input ' || e.handle || ' is of another posting' as problem
from interaction_inputs e
left join interactions o on o.interaction_id = e.interaction_id
left join interactions i on i.interaction_id = e.input_interaction_id
left join posting_versions v on v.posting_version_id = e.posting_version_id
where e.trigger_input_id is null
  and (o.posting_id is null or coalesce(i.posting_id, v.posting_id) is distinct from o.posting_id);
comment on view audit_foreign_inputs is 'Violations of invariant 3: inputs that are not of the posting of the interaction that read them.';
