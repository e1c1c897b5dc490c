create or replace view published_counts as
select p.source_id, count(*) as postings,
  count(*) filter (where p.status = 'active') as active,
  count(p.extracted_summary) as summaries,
  count(p.skill_keywords) as skill_lists,
  coalesce(sum(cardinality(p.skill_keywords)), 0) as skills,
  count(p.ihl_score) as ihl_scores,
  count(*) filter (where num_nonnulls(p.extracted_summary_stale_since, p.skill_keywords_stale_since, p.ihl_stale_since) > 0) as stale
from postings p
group by p.source_id;
comment on view published_counts is 'What is published of the postings of each source.';
