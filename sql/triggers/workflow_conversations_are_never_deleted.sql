create or replace trigger workflow_conversations_are_never_deleted
  before delete or truncate on workflow_conversations
  for each statement execute function refuse_deletion();
comment on trigger workflow_conversations_are_never_deleted on workflow_conversations is 'Configuration is never deleted: what is not used any more keeps its row.';
