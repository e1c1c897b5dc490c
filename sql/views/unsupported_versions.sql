create or replace view unsupported_versions as
select v.posting_version_id, v.posting_id
from posting_versions v
where not exists (
  select from sightings s
  join interactions f on f.interaction_id = s.fetch_interaction_id and f.enabled and not f.invalidated
  where s.posting_version_id = v.posting_version_id);
comment on view unsupported_versions is 'Content versions that no valid and enabled fetch has seen.';
