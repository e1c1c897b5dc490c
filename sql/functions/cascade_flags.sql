-- What follows when flags were changed, in the same transaction: an invalidated interaction takes along what
-- read it, edge by edge; a fetch takes the contents that only it supports; results that share one call
-- fall together. Then nodes and published values are derived anew. Changes made by the cascade itself
-- come through here again and are passed over.
create or replace function cascade_flags() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = on
as $$
declare
  v_flipped bigint[];
  v_touched bigint[];
begin
  if coalesce(current_setting('ty.flag_change', true), '') <> txid_current_if_assigned()::text
    or coalesce(current_setting('ty.cascading', true), '') = 'on'
  then
    return null;
  end if;
  select array_agg(a.interaction_id) filter (where a.invalidated and not b.invalidated), array_agg(a.interaction_id)
  into v_flipped, v_touched
  from after a
  join before b on b.interaction_id = a.interaction_id
  where (a.invalidated, a.enabled) is distinct from (b.invalidated, b.enabled);
  if v_touched is null then
    return null;
  end if;
  perform set_config('ty.cascading', 'on', true);
  if v_flipped is not null then
    v_touched := v_touched || invalidate_interactions(v_flipped);
  end if;
  perform settle_touched(v_touched);
  perform set_config('ty.cascading', 'off', true);
  return null;
end
$$;
comment on function cascade_flags() is 'Cascades changed flags along the edges and derives state and published values anew.';
