create or replace trigger interaction_inputs_are_never_deleted
  before delete or truncate on interaction_inputs
  for each statement execute function refuse_deletion();
comment on trigger interaction_inputs_are_never_deleted on interaction_inputs is 'Invariant 1: nothing is deleted, by no role.';
