create or replace trigger workflows_are_never_deleted
  before delete or truncate on workflows
  for each statement execute function refuse_deletion();
comment on trigger workflows_are_never_deleted on workflows is 'Configuration is never deleted: what is not used any more keeps its row.';
