create or replace trigger a_sighting_is_never_rewritten
  before update on sightings
  for each row execute function refuse_rewriting();
comment on trigger a_sighting_is_never_rewritten on sightings is 'Sightings are append-only.';
