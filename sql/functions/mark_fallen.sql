-- Everything that rests on the given interactions: what read them, what shares their result (causes only),
-- every attempt of a fetch, and what read a content that no valid fetch supports any more.
create or replace function mark_fallen(p_marked bigint[], p_causes bigint[], p_reason text) returns bigint[]
language plpgsql volatile
as $$
declare
  v_fallen bigint[];
begin
  with recursive shared as (
    select o.interaction_id
    from interactions i
    join interactions o
      on o.interaction_id = coalesce(i.reused_from, i.interaction_id) or o.reused_from = coalesce(i.reused_from, i.interaction_id)
    where i.interaction_id = any (p_causes) and i.posting_id is not null and i.actor_type <> 'script'
    union
    select o.interaction_id
    from interactions i
    join interactions o on o.workflow_run_id = i.workflow_run_id and o.posting_id is null and o.correlation_id = i.correlation_id
    where i.interaction_id = any (p_causes) and i.posting_id is null
  ), roots as (
    select unnest(p_marked) as interaction_id
    union
    select interaction_id from shared
  ), unsupported as (
    select distinct s.posting_version_id
    from sightings s
    where s.fetch_interaction_id in (select interaction_id from roots)
      and not exists (
        select from sightings o
        join interactions f on f.interaction_id = o.fetch_interaction_id and f.enabled and not f.invalidated
        where o.posting_version_id = s.posting_version_id
          and f.interaction_id not in (select interaction_id from roots))
  ), fallen as (
    select interaction_id from roots
    union
    select e.interaction_id from unsupported u join interaction_inputs e on e.posting_version_id = u.posting_version_id
    union
    select e.interaction_id from fallen f join interaction_inputs e on e.input_interaction_id = f.interaction_id
  )
  select array_agg(distinct f.interaction_id) into v_fallen
  from fallen f
  join interactions i on i.interaction_id = f.interaction_id and not i.invalidated;
  update interactions i
  set invalidated = true, invalidation_reason = p_reason
  where i.interaction_id = any (v_fallen);
  return coalesce(v_fallen, '{}');
end
$$;
comment on function mark_fallen(bigint[], bigint[], text) is 'Marks what rests on the given interactions; returns what was marked.';
