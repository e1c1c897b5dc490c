create or replace trigger an_input_is_of_the_same_posting
  after insert on interaction_inputs
  referencing new table as added
  for each statement execute function refuse_foreign_inputs();
comment on trigger an_input_is_of_the_same_posting on interaction_inputs
  is 'Invariant 3: an input is an interaction or a content version of the same posting.';
