create or replace function step_of(p_workflow_id integer, p_conversation_id integer) returns step
language plpgsql stable
as $$
declare
  v_step step;
begin
  select s.workflow_id, s.conversation_id, s.version, s.actor_id, a.actor_type, a.model, s.execution_order,
    s.script_function, s.publishes, v.digest || a.digest
  into v_step
  from workflow_conversations s
  join actors a using (actor_id)
  join conversation_versions v using (conversation_id, version)
  where s.workflow_id = p_workflow_id and s.conversation_id = p_conversation_id;
  if v_step.workflow_id is null then
    raise exception 'workflow % has no conversation %', p_workflow_id, p_conversation_id using errcode = 'TY404';
  end if;
  return v_step;
end
$$;
comment on function step_of(integer, integer) is 'The step with its actor, version and digest; raises TY404 when it is not declared.';
