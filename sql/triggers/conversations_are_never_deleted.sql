create or replace trigger conversations_are_never_deleted
  before delete or truncate on conversations
  for each statement execute function refuse_deletion();
comment on trigger conversations_are_never_deleted on conversations is 'Configuration is never deleted: what is not used any more keeps its row.';
