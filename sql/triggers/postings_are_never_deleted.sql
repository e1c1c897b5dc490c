create or replace trigger postings_are_never_deleted
  before delete or truncate on postings
  for each statement execute function refuse_deletion();
comment on trigger postings_are_never_deleted on postings is 'Invariant 1: nothing is deleted, by no role.';
