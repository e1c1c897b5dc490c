create or replace view source_progress as
select p.source_id, p.status, count(*) as postings
from postings p
group by p.source_id, p.status;
comment on view source_progress is 'How many postings of each source have which status.';
