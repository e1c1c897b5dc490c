create or replace function refuse_foreign_skills() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = off set enable_seqscan = off set enable_mergejoin = off
as $$
declare
  v_bad bigint;
begin
  select k.interaction_id into v_bad
  from added k
  left join interactions i on i.interaction_id = k.interaction_id
  where i.posting_id is distinct from k.posting_id
  limit 1;
  if found then
    raise exception 'the skills of interaction % are not of its posting', v_bad
      using errcode = 'TY003', constraint = 'a_skill_is_of_its_interactions_posting';
  end if;
  return null;
end
$$;
comment on function refuse_foreign_skills() is 'Raises TY003 when a skill names an interaction of another posting.';
