-- save_skills (9141): every extracted skill is kept; a taxonomy match enriches, it never filters. The rows
-- themselves are written by insert_skills once the interaction stands.
create or replace function script_save_skills(p_claims claim[])
returns table (interaction_id bigint, output jsonb, branch text)
language sql volatile
as $$
  select c.interaction_id,
    jsonb_build_object('skills', (
      select coalesce(jsonb_agg(k.skill -> 'name' order by (k.skill ->> 'weight')::integer desc, k.n), '[]')
      from jsonb_array_elements(s.skills) with ordinality k (skill, n))),
    case when s.is_list then 'saved' else 'failed' end
  from unnest(p_claims) c
  cross join lateral (select input_value(c.input -> 'skills') -> 'skills' as skills offset 0) v
  cross join lateral (
    select coalesce(jsonb_typeof(v.skills) = 'array', false) as is_list,
      case jsonb_typeof(v.skills) when 'array' then v.skills else '[]' end as skills
  ) s
$$;
comment on function script_save_skills(claim[]) is 'Script of save_skills.';
