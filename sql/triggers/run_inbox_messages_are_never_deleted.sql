create or replace trigger run_inbox_messages_are_never_deleted
  before delete or truncate on run_inbox_messages
  for each statement execute function refuse_deletion();
comment on trigger run_inbox_messages_are_never_deleted on run_inbox_messages is 'Invariant 1: nothing is deleted, by no role.';
