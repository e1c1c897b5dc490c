create or replace trigger log_new_interactions
  after insert on interactions
  referencing new table as after
  for each statement execute function log_interactions();
comment on trigger log_new_interactions on interactions is 'Audit log.';
