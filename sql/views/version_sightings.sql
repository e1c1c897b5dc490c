create or replace view version_sightings as
select v.posting_id, v.posting_version_id, v.posting_version_id = p.current_version_id as is_current, v.title, v.company,
  v.locations, v.url, v.posted_on, length(v.description) as description_characters, v.created_at,
  s.partition_date, s.row_number, s.fetch_interaction_id, f.partition_key, f.enabled and not f.invalidated as is_supported
from posting_versions v
join postings p on p.posting_id = v.posting_id
left join sightings s on s.posting_id = v.posting_id and s.posting_version_id = v.posting_version_id
left join interactions f on f.interaction_id = s.fetch_interaction_id;
comment on view version_sightings is 'Content versions of postings, a row per sighting; a sighting counts while its fetch is valid and enabled.';
