create or replace trigger invalidation_hits_are_never_deleted
  before delete or truncate on invalidation_hits
  for each statement execute function refuse_deletion();
comment on trigger invalidation_hits_are_never_deleted on invalidation_hits is 'Invariant 1: nothing is deleted, by no role.';
