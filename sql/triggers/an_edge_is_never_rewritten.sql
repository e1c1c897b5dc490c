create or replace trigger an_edge_is_never_rewritten
  before update on interaction_inputs
  for each row execute function refuse_rewriting();
comment on trigger an_edge_is_never_rewritten on interaction_inputs is 'Lineage is append-only.';
