-- save_ihl (9202): one declared scale, 0 to 100; a category outside its band is not published.
create or replace function script_save_ihl(p_claims claim[])
returns table (interaction_id bigint, output jsonb, branch text)
language sql volatile
as $$
  select c.interaction_id, jsonb_build_object('score', e.score, 'category', e.category),
    case when e.category = case
        when e.score between 0 and 39 then 'GENUINE'
        when e.score between 40 and 69 then 'BORDERLINE'
        when e.score between 70 and 99 then 'COMPLIANCE_THEATER'
        when e.score = 100 then 'FAKE'
      end then 'saved' else 'failed' end
  from unnest(p_claims) c
  cross join lateral (select input_value(c.input -> 'expert') as expert offset 0) x
  cross join lateral (select (x.expert ->> 'score')::numeric as score, x.expert ->> 'category' as category) e
$$;
comment on function script_save_ihl(claim[]) is 'Script of save_ihl.';
