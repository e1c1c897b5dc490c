-- save_skills (9141): every extracted skill is kept; a taxonomy match enriches, it never filters.
create or replace function script_save_skills(p_claims claim[])
returns table (interaction_id bigint, output jsonb, branch text)
language sql volatile
as $$
  with skills as (
    select c.interaction_id, c.posting_id, input_value(c.input -> 'skills') -> 'skills' as skills from unnest(p_claims) c
  ), inserted as (
    insert into posting_skills (
      interaction_id, skill_number, posting_id, name, importance, weight, proficiency, years_required, evidence, taxonomy_id)
    select s.interaction_id, k.n, s.posting_id, k.skill ->> 'name', k.skill ->> 'importance', (k.skill ->> 'weight')::smallint,
      k.skill ->> 'proficiency', (k.skill ->> 'years_required')::smallint, k.skill ->> 'evidence', k.skill ->> 'taxonomy_id'
    from skills s
    cross join lateral jsonb_array_elements(case jsonb_typeof(s.skills) when 'array' then s.skills else '[]' end)
      with ordinality k (skill, n)
  )
  select s.interaction_id,
    jsonb_build_object('skills', (
      select coalesce(jsonb_agg(k.skill ->> 'name' order by (k.skill ->> 'weight')::integer desc, k.n), '[]')
      from jsonb_array_elements(case jsonb_typeof(s.skills) when 'array' then s.skills else '[]' end)
        with ordinality k (skill, n))),
    case when jsonb_typeof(s.skills) = 'array' then 'saved' else 'failed' end
  from skills s
$$;
comment on function script_save_skills(claim[]) is 'Script of save_skills.';
