create or replace trigger conversation_versions_are_never_deleted
  before delete or truncate on conversation_versions
  for each statement execute function refuse_deletion();
comment on trigger conversation_versions_are_never_deleted on conversation_versions is 'Invariant 1: nothing is deleted, by no role.';
