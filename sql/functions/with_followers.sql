create or replace function with_followers(p_interactions bigint[]) returns bigint[]
language sql stable
as $$
  select array(
    select unnest(p_interactions)
    union
    select f.interaction_id
    from unnest(p_interactions) l (interaction_id)
    cross join lateral (
      select i.interaction_id, i.status from interactions i where i.reused_from = l.interaction_id offset 0
    ) f
    where f.status = 'running'
    order by 1)
$$;
comment on function with_followers(bigint[]) is 'The interactions and those that follow their live calls.';
