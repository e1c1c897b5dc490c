create or replace trigger a_node_follows_declared_transitions
  after update on run_node_state
  referencing old table as before new table as after
  for each statement execute function refuse_undeclared_transitions();
comment on trigger a_node_follows_declared_transitions on run_node_state is 'Invariant 5.';
