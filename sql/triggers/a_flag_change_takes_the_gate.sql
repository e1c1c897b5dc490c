create or replace trigger a_flag_change_takes_the_gate
  before update of enabled, invalidated on interactions
  for each statement execute function open_flag_change();
comment on trigger a_flag_change_takes_the_gate on interactions is 'The one gate.';
