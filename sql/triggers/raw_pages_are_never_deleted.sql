create or replace trigger raw_pages_are_never_deleted
  before delete or truncate on raw_pages
  for each statement execute function refuse_deletion();
comment on trigger raw_pages_are_never_deleted on raw_pages is 'Invariant 1: nothing is deleted, by no role.';
