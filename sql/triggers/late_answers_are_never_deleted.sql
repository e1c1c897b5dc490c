create or replace trigger late_answers_are_never_deleted
  before delete or truncate on late_answers
  for each statement execute function refuse_deletion();
comment on trigger late_answers_are_never_deleted on late_answers is 'Invariant 1: nothing is deleted, by no role.';
