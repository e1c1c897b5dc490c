-- A result is tainted when any interaction that shares it is the cause of an invalidation that stands.
create or replace function is_tainted(p_result_id bigint) returns boolean
language sql stable
as $$
  select exists (
    select from interactions i
    join invalidation_hits h on h.interaction_id = i.interaction_id and h.is_cause
    join invalidations v on v.invalidation_id = h.invalidation_id and v.reinstated_at is null
    where i.interaction_id = p_result_id or i.reused_from = p_result_id
  )
$$;
comment on function is_tainted(bigint) is 'True when the result must not be offered for reuse.';
