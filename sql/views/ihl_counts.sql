create or replace view ihl_counts as
select p.ihl_category, p.ihl_score, count(*) as postings
from postings p
where p.ihl_score is not null
group by p.ihl_category, p.ihl_score;
comment on view ihl_counts is 'How many postings have which internal hire likelihood.';
