create or replace trigger invalidations_are_never_deleted
  before delete or truncate on invalidations
  for each statement execute function refuse_deletion();
comment on trigger invalidations_are_never_deleted on invalidations is 'Invariant 1: nothing is deleted, by no role.';
