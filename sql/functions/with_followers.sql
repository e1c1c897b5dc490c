create or replace function with_followers(p_interactions bigint[]) returns bigint[]
language sql stable
as $$
  select coalesce(array_agg(i.interaction_id order by i.interaction_id), '{}')
  from interactions i
  where i.interaction_id = any (p_interactions)
    or (i.reused_from = any (p_interactions) and i.status = 'running')
$$;
comment on function with_followers(bigint[]) is 'The interactions and those that follow their live calls.';
