create or replace trigger log_changed_interactions
  after update on interactions
  referencing old table as before new table as after
  for each statement execute function log_interactions();
comment on trigger log_changed_interactions on interactions is 'Audit log.';
