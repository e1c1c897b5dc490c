create or replace trigger workflow_runs_are_never_deleted
  before delete or truncate on workflow_runs
  for each statement execute function refuse_deletion();
comment on trigger workflow_runs_are_never_deleted on workflow_runs is 'Invariant 1: nothing is deleted, by no role.';
