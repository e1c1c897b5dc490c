create or replace function refuse_foreign_runs() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  v_bad bigint;
begin
  select i.interaction_id into v_bad
  from added i
  join workflow_runs r on r.workflow_run_id = i.workflow_run_id
  where r.posting_id is distinct from i.posting_id
  limit 1;
  if found then
    raise exception 'interaction % is not of its run''s posting', v_bad
      using errcode = 'TY003', constraint = 'an_interaction_is_of_its_runs_posting';
  end if;
  return null;
end
$$;
comment on function refuse_foreign_runs() is 'Raises TY003 when an interaction names another posting than its run.';
