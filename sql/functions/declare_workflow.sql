-- Synchronises a declared workflow to the configuration tables. A changed prompt becomes a new version, a
-- changed actor a new actor; neither makes anything owed: what is done stays until an operator asks.
create or replace function declare_workflow(p_workflow jsonb) returns void
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_id integer := (p_workflow ->> 'workflow_id')::integer;
  v_one jsonb;
begin
  insert into workflows (workflow_id, canonical_name) values (v_id, p_workflow ->> 'canonical_name')
  on conflict (workflow_id) do update set canonical_name = excluded.canonical_name
  where workflows.canonical_name <> excluded.canonical_name;
  for v_one in select * from jsonb_array_elements(p_workflow -> 'conversations') loop
    perform declare_conversation(v_id, v_one);
  end loop;
  delete from conversation_inputs i
  where i.workflow_id = v_id and not exists (
    select from jsonb_array_elements(p_workflow -> 'inputs') d
    where (d ->> 'conversation_id', d ->> 'round', d ->> 'alternative', d ->> 'handle')
      = (i.conversation_id::text, i.round::text, i.alternative::text, i.handle));
  insert into workflow_nodes
  select v_id, n.conversation_id, n.round, n.topological_order
  from jsonb_to_recordset(p_workflow -> 'nodes') n (conversation_id integer, round smallint, topological_order integer)
  on conflict (workflow_id, conversation_id, round) do update set topological_order = excluded.topological_order
  where workflow_nodes.topological_order <> excluded.topological_order;
  insert into conversation_inputs as c
  select v_id, i.*
  from jsonb_to_recordset(p_workflow -> 'inputs') i (
    conversation_id integer, round smallint, alternative smallint, handle text, producer_kind text,
    producer_conversation_id integer, producer_round smallint, field text, required_keys text[], accepts text[],
    guard text, is_bound boolean, is_last boolean)
  on conflict (workflow_id, conversation_id, round, alternative, handle) do update
  set producer_kind = excluded.producer_kind, producer_conversation_id = excluded.producer_conversation_id,
    producer_round = excluded.producer_round, field = excluded.field, required_keys = excluded.required_keys,
    accepts = excluded.accepts, guard = excluded.guard, is_bound = excluded.is_bound, is_last = excluded.is_last
  where (c.*) is distinct from (excluded.*);
  analyze workflows, actors, conversations, conversation_versions, workflow_conversations, workflow_nodes,
    conversation_branches, conversation_inputs;
end
$$;
comment on function declare_workflow(jsonb) is 'Synchronises a declared workflow to the configuration tables.';
