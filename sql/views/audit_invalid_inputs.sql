-- A content that only a disabled fetch supports is withdrawn, not invalid: what read it stays as it is, and
-- counts again when the fetch is enabled.
create or replace view audit_invalid_inputs as
select o.posting_id, o.interaction_id,
  'it is valid, and its input ' || e.handle || ' (interaction ' || i.interaction_id || ') is invalidated' as problem
from interactions i
join interaction_inputs e on e.input_interaction_id = i.interaction_id
join interactions o on o.interaction_id = e.interaction_id
where i.invalidated and not o.invalidated and o.status in ('completed', 'suspended')
union all
select o.posting_id, o.interaction_id,
  'it is valid, and its input ' || e.handle || ' (content version ' || e.posting_version_id || ') has no valid fetch'
from unsupported_versions v
join interaction_inputs e on e.posting_version_id = v.posting_version_id
join interactions o on o.interaction_id = e.interaction_id
where not o.invalidated and o.status in ('completed', 'suspended')
  and not exists (
    select from sightings s
    join interactions f on f.interaction_id = s.fetch_interaction_id and not f.invalidated
    where s.posting_version_id = v.posting_version_id);
comment on view audit_invalid_inputs is 'Violations of invariant 4, first half: valid work that stands on invalid work.';
