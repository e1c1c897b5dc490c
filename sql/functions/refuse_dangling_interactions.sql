-- What foreign keys would check row by row (a third of the engine's time, measured), checked once a statement.
-- Everything that is named is never changed or deleted, so checking when a row is written is enough.
create or replace function refuse_dangling_interactions() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = on set enable_seqscan = off set enable_mergejoin = off
as $$
declare
  v_bad record;
begin
  select i.interaction_id,
    case
      when r.workflow_run_id is null or r.posting_id is distinct from i.posting_id then 'a run of its own posting'
      when v.version is null then 'a known version of a conversation'
      when a.actor_id is null then 'a known actor'
      else 'a known error class'
    end as what
  into v_bad
  from added i
  left join workflow_runs r on r.workflow_run_id = i.workflow_run_id
  left join conversation_versions v on v.conversation_id = i.conversation_id and v.version = i.conversation_version
  left join actors a on a.actor_id = i.actor_id
  left join error_classes e on e.error_class = i.error_class
  where r.workflow_run_id is null or r.posting_id is distinct from i.posting_id or v.version is null or a.actor_id is null
    or (i.error_class is not null and e.error_class is null)
  limit 1;
  if found then
    raise exception 'interaction % does not name %', v_bad.interaction_id, v_bad.what
      using errcode = 'TY003', constraint = 'an_interaction_names_what_exists';
  end if;
  return null;
end
$$;
comment on function refuse_dangling_interactions() is 'Raises TY003 when an interaction names a run of another posting, or a version, actor or error class that does not exist.';
