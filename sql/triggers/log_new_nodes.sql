create or replace trigger log_new_nodes
  after insert on run_node_state
  referencing new table as after
  for each statement execute function log_nodes();
comment on trigger log_new_nodes on run_node_state is 'Audit log.';
