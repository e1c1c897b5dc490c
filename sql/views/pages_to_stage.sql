create or replace view pages_to_stage as
select r.raw_page_id, r.interaction_id, r.page_number, i.partition_key
from raw_pages r
join interactions i on i.interaction_id = r.interaction_id and i.enabled and not i.invalidated
where r.staged_at is null;
comment on view pages_to_stage is 'Raw pages of valid fetches whose rows are not staged yet.';
