create or replace function refuse_foreign_inputs() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = off set enable_seqscan = off set enable_mergejoin = off
as $$
declare
  v_bad record;
begin
  select e.interaction_id, e.handle into v_bad
  from added e
  left join interactions o on o.interaction_id = e.interaction_id
  left join interactions i on i.interaction_id = e.input_interaction_id
  left join posting_versions v on v.posting_version_id = e.posting_version_id
  where o.interaction_id is null
    or o.posting_id is distinct from e.posting_id
    or (e.input_interaction_id is not null and i.posting_id is distinct from e.posting_id)
    or (e.posting_version_id is not null and v.posting_id is distinct from e.posting_id)
    or (e.trigger_input_id is null and e.posting_id is null)
  limit 1;
  if found then
    raise exception 'input % of interaction % is not of the same posting', v_bad.handle, v_bad.interaction_id
      using errcode = 'TY003', constraint = 'an_input_is_of_the_same_posting';
  end if;
  return null;
end
$$;
comment on function refuse_foreign_inputs() is 'Raises TY003 when an edge joins two postings. Both ends are never changed or deleted, so checking at insert is enough.';
