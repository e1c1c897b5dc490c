create or replace trigger interactions_are_never_deleted
  before delete or truncate on interactions
  for each statement execute function refuse_deletion();
comment on trigger interactions_are_never_deleted on interactions is 'Invariant 1: nothing is deleted, by no role.';
