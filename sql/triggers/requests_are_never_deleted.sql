create or replace trigger requests_are_never_deleted
  before delete or truncate on requests
  for each statement execute function refuse_deletion();
comment on trigger requests_are_never_deleted on requests is 'Invariant 1: nothing is deleted, by no role.';
