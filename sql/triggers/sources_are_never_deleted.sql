create or replace trigger sources_are_never_deleted
  before delete or truncate on sources
  for each statement execute function refuse_deletion();
comment on trigger sources_are_never_deleted on sources is 'Configuration is never deleted: what is not used any more keeps its row.';
