create or replace function insert_skills(p_done completion[]) returns void
language sql volatile
as $$
  insert into posting_skills (
    interaction_id, skill_number, posting_id, name, importance, weight, proficiency, years_required, evidence, taxonomy_id)
  select d.interaction_id, k.n, d.posting_id, k.skill ->> 'name', k.skill ->> 'importance', (k.skill ->> 'weight')::smallint,
    k.skill ->> 'proficiency', (k.skill ->> 'years_required')::smallint, k.skill ->> 'evidence', k.skill ->> 'taxonomy_id'
  from unnest(p_done) d
  cross join lateral (select i.input from interactions i where i.interaction_id = d.interaction_id offset 0) i
  cross join lateral (select input_value(i.input -> 'skills') -> 'skills' as skills offset 0) s
  cross join lateral jsonb_array_elements(s.skills) with ordinality k (skill, n)
  where d.branch = 'saved'
$$;
comment on function insert_skills(completion[]) is 'Writes the rows of saved skills.';
