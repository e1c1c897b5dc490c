create or replace trigger log_changed_postings
  after update on postings
  referencing old table as before new table as after
  for each statement execute function log_postings();
comment on trigger log_changed_postings on postings is 'Audit log.';
