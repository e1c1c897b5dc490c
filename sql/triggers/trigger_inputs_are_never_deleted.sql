create or replace trigger trigger_inputs_are_never_deleted
  before delete or truncate on trigger_inputs
  for each statement execute function refuse_deletion();
comment on trigger trigger_inputs_are_never_deleted on trigger_inputs is 'Invariant 1: nothing is deleted, by no role.';
