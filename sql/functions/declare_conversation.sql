create or replace function declare_conversation(p_workflow_id integer, p_one jsonb) returns void
language plpgsql volatile
as $$
declare
  v_id integer := (p_one ->> 'conversation_id')::integer;
  v_actor integer;
  v_version integer;
  v_digest bytea := sha256(convert_to(p_one ->> 'prompt', 'UTF8'));
begin
  insert into conversations (conversation_id, canonical_name) values (v_id, p_one ->> 'canonical_name')
  on conflict (conversation_id) do update set canonical_name = excluded.canonical_name
  where conversations.canonical_name <> excluded.canonical_name;
  v_actor := declare_actor(p_one ->> 'actor_type', p_one ->> 'model', p_one -> 'settings');
  insert into conversation_versions (conversation_id, version, prompt, digest)
  select v_id, coalesce(max(v.version), 0) + 1, p_one ->> 'prompt', v_digest
  from conversation_versions v where v.conversation_id = v_id
  having not coalesce(bool_or(v.digest = v_digest), false);
  select v.version into v_version from conversation_versions v where v.conversation_id = v_id and v.digest = v_digest;

  insert into workflow_conversations as c (
    workflow_id, conversation_id, execution_order, actor_id, version, timeout_seconds, asset_name, script_function, publishes)
  values (p_workflow_id, v_id, (p_one ->> 'execution_order')::integer, v_actor, v_version,
    (p_one ->> 'timeout_seconds')::integer, p_one ->> 'asset_name', p_one ->> 'script_function', p_one ->> 'publishes')
  on conflict (workflow_id, conversation_id) do update
  set execution_order = excluded.execution_order, actor_id = excluded.actor_id, version = excluded.version,
    timeout_seconds = excluded.timeout_seconds, asset_name = excluded.asset_name,
    script_function = excluded.script_function, publishes = excluded.publishes
  where (c.*) is distinct from (excluded.*);
  insert into conversation_branches as b
  select p_workflow_id, v_id, d.label, d.meaning, d.posting_status
  from jsonb_to_recordset(p_one -> 'branches') d (label text, meaning text, posting_status text)
  on conflict (workflow_id, conversation_id, branch) do update
  set meaning = excluded.meaning, posting_status = excluded.posting_status
  where (b.*) is distinct from (excluded.*);
end
$$;
comment on function declare_conversation(integer, jsonb) is 'Synchronises one conversation; inner part of declare_workflow.';
