create or replace view stored_pages as
select r.raw_page_id, r.interaction_id, r.page_number, r.url, r.http_status, r.content_type, r.body, r.fetched_at, r.staged_at
from raw_pages r;
comment on view stored_pages is 'Raw pages as received.';
