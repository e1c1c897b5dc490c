create or replace trigger actors_are_never_deleted
  before delete or truncate on actors
  for each statement execute function refuse_deletion();
comment on trigger actors_are_never_deleted on actors is 'Invariant 1: nothing is deleted, by no role.';
