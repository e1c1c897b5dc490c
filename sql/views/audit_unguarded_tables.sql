create or replace view audit_unguarded_tables as
select null::bigint as posting_id, null::bigint as interaction_id,
  'trigger ' || g.trigger_name || ' of ' || g.table_name || ' is missing' as problem
from (values
  ('interactions', 'interactions_are_never_deleted'),
  ('interactions', 'an_ended_interaction_is_never_rewritten'),
  ('interactions', 'an_interaction_names_what_exists'),
  ('interaction_inputs', 'interaction_inputs_are_never_deleted'),
  ('interaction_inputs', 'an_edge_is_never_rewritten'),
  ('interaction_inputs', 'an_input_is_of_the_same_posting'),
  ('execution_events', 'execution_events_are_never_deleted'),
  ('posting_versions', 'a_content_version_is_never_rewritten'),
  ('conversation_versions', 'a_prompt_version_is_never_rewritten'),
  ('run_node_state', 'a_node_follows_declared_transitions')
) g (table_name, trigger_name)
where not exists (
  select from pg_trigger t where t.tgrelid = to_regclass(g.table_name) and t.tgname = g.trigger_name)
union all
select null, null, 'trigger ' || t.tgname || ' of ' || c.relname || ' is switched off'
from pg_trigger t
join pg_class c on c.oid = t.tgrelid and c.relnamespace = 'public'::regnamespace
where t.tgenabled not in ('O', 'A');
comment on view audit_unguarded_tables is 'Violations of invariants 1, 3 and 5: guards of the ledger that are missing or switched off.';
