create or replace trigger an_interaction_is_of_its_runs_posting
  after insert on interactions
  referencing new table as added
  for each statement execute function refuse_foreign_runs();
comment on trigger an_interaction_is_of_its_runs_posting on interactions is 'Invariant 3, second half.';
