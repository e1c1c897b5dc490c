create or replace function rests_on_disabled(p_interaction_id bigint) returns boolean
language sql stable
as $$
  with recursive basis as (
    select p_interaction_id as interaction_id
    union
    select e.input_interaction_id
    from basis b
    join interaction_inputs e on e.interaction_id = b.interaction_id and e.input_interaction_id is not null
  )
  select exists (select from basis b join interactions i on i.interaction_id = b.interaction_id and not i.enabled)
$$;
comment on function rests_on_disabled(bigint) is 'True when the interaction, or anything it was made from, is disabled.';
