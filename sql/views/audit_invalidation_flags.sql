create or replace view audit_invalidation_flags as
with standing as (
  select distinct h.interaction_id
  from invalidation_hits h
  join invalidations v on v.invalidation_id = h.invalidation_id and v.reinstated_at is null
)
select i.posting_id, i.interaction_id,
  case when i.invalidated then 'it is invalidated, and no invalidation that stands hits it'
    else 'it is valid, and an invalidation that stands hits it' end as problem
from interactions i
left join standing s on s.interaction_id = i.interaction_id
where i.invalidated <> (s.interaction_id is not null);
comment on view audit_invalidation_flags is 'Violations of invariant 2: interactions whose flag disagrees with the invalidations.';
