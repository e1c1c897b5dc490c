create or replace trigger execution_events_are_never_deleted
  before delete or truncate on execution_events
  for each statement execute function refuse_deletion();
comment on trigger execution_events_are_never_deleted on execution_events is 'Invariant 1: nothing is deleted, by no role.';
