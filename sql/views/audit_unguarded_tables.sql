create or replace view audit_unguarded_tables as
select null::bigint as posting_id, null::bigint as interaction_id,
  g.what || ' is not guarded: trigger ' || g.trigger_name || ' is missing or switched off' as problem
from (values
  ('interactions', 'interactions_are_never_deleted'),
  ('interactions', 'an_ended_interaction_is_never_rewritten'),
  ('interactions', 'an_interaction_is_of_its_runs_posting'),
  ('interaction_inputs', 'interaction_inputs_are_never_deleted'),
  ('interaction_inputs', 'an_edge_is_never_rewritten'),
  ('interaction_inputs', 'an_input_is_of_the_same_posting'),
  ('execution_events', 'execution_events_are_never_deleted'),
  ('posting_versions', 'a_content_version_is_never_rewritten'),
  ('conversation_versions', 'a_prompt_version_is_never_rewritten'),
  ('run_node_state', 'a_node_follows_declared_transitions')
) g (what, trigger_name)
where not exists (
  select from pg_trigger t
  where t.tgrelid = to_regclass(g.what) and t.tgname = g.trigger_name and t.tgenabled in ('O', 'A'));
comment on view audit_unguarded_tables is 'Violations of invariants 1, 3 and 5: guards of the ledger that are missing or switched off.';
