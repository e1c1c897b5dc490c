create or replace trigger flags_cascade
  after update on interactions
  referencing old table as before new table as after
  for each statement execute function cascade_flags();
comment on trigger flags_cascade on interactions is 'Invariant 4.';
