create or replace trigger a_flag_change_says_who_and_why
  before update of invalidated on interactions
  for each row
  when (old.invalidated is distinct from new.invalidated)
  execute function check_flag_change();
comment on trigger a_flag_change_says_who_and_why on interactions is 'Invariant 2.';
