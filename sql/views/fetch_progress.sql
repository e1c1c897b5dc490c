-- One row a fetch attempt. Rows received are those of staged pages, whatever became of the attempt, and
-- are each counted once: rows = new + changed + seen + duplicate_in_fetch + set_aside + to_promote. A row
-- whose content was known at staging leaves a sighting and no staged row, so it is what remains.
create or replace view fetch_progress as
select i.interaction_id, i.partition_key, split_part(i.partition_key, '|', 2) as source_id, i.attempt, i.status,
  i.error_class, i.error_message, i.started_at, i.completed_at, p.pages, p.pages_to_stage, p.rows,
  coalesce(s.new, 0)::bigint as new, coalesce(s.changed, 0)::bigint as changed,
  p.rows - (coalesce(s.rows, 0) - coalesce(s.seen, 0))::bigint as seen,
  coalesce(s.duplicate_in_fetch, 0)::bigint as duplicate_in_fetch, coalesce(s.set_aside, 0)::bigint as set_aside,
  coalesce(s.to_promote, 0)::bigint as to_promote, p.fields_set_aside
from interactions i
cross join lateral (
  select count(r.raw_page_id) as pages, count(r.raw_page_id) filter (where r.staged_at is null) as pages_to_stage,
    coalesce(sum(r.row_count), 0)::bigint as rows, coalesce(sum(r.fields_set_aside), 0)::bigint as fields_set_aside
  from raw_pages r
  where r.interaction_id = i.interaction_id
) p
cross join lateral (
  select sum(c.rows) as rows,
    sum(c.rows) filter (where c.validation_status = 'new') as new,
    sum(c.rows) filter (where c.validation_status = 'changed') as changed,
    sum(c.rows) filter (where c.validation_status = 'seen') as seen,
    sum(c.rows) filter (where c.validation_status = 'duplicate_in_fetch') as duplicate_in_fetch,
    sum(c.rows) filter (where c.validation_status = 'set_aside') as set_aside,
    sum(c.rows) filter (where c.validation_status = 'staged') as to_promote
  from (
    select g.validation_status, count(*) as rows
    from postings_staging g
    where g.interaction_id = i.interaction_id
    group by g.validation_status
  ) c
) s
where i.posting_id is null and i.enabled and not i.invalidated;
comment on view fetch_progress is 'Every valid fetch attempt: how it ended and what became of the rows it received, which add up.';
