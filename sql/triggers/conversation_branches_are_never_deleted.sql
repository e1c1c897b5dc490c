create or replace trigger conversation_branches_are_never_deleted
  before delete or truncate on conversation_branches
  for each statement execute function refuse_deletion();
comment on trigger conversation_branches_are_never_deleted on conversation_branches is 'Configuration is never deleted: what is not used any more keeps its row.';
