create or replace trigger recoveries_are_never_deleted
  before delete or truncate on recoveries
  for each statement execute function refuse_deletion();
comment on trigger recoveries_are_never_deleted on recoveries is 'Invariant 1: nothing is deleted, by no role.';
