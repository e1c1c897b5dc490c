create or replace trigger an_interaction_names_what_exists
  after insert on interactions
  referencing new table as added
  for each statement execute function refuse_dangling_interactions();
comment on trigger an_interaction_names_what_exists on interactions is 'Invariant 3, second half; stands for foreign keys.';
