create or replace trigger sightings_are_never_deleted
  before delete or truncate on sightings
  for each statement execute function refuse_deletion();
comment on trigger sightings_are_never_deleted on sightings is 'Invariant 1: nothing is deleted, by no role.';
