create or replace trigger posting_versions_are_never_deleted
  before delete or truncate on posting_versions
  for each statement execute function refuse_deletion();
comment on trigger posting_versions_are_never_deleted on posting_versions is 'Invariant 1: nothing is deleted, by no role.';
