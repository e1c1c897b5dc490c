create or replace trigger log_changed_nodes
  after update on run_node_state
  referencing old table as before new table as after
  for each statement execute function log_nodes();
comment on trigger log_changed_nodes on run_node_state is 'Audit log.';
