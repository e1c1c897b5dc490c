-- A posting belongs to the partition in which its work is done: the first that brought its current content.
create or replace view posting_progress as
select r.partition_key, p.source_id, p.status, count(*) as postings
from postings p
join workflow_runs r on r.posting_id = p.posting_id
group by r.partition_key, p.source_id, p.status;
comment on view posting_progress is 'How many postings of each partition have which status.';
