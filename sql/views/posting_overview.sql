create or replace view posting_overview as
select p.posting_id, p.source_id, p.external_id, p.status, p.first_seen_on, p.last_seen_on, r.workflow_run_id,
  r.partition_key, p.current_version_id, v.title, v.company, v.locations, v.url, v.posted_on,
  p.extracted_summary, p.extracted_summary_interaction_id, p.extracted_summary_stale_since,
  p.skill_keywords, p.skill_keywords_interaction_id, p.skill_keywords_stale_since,
  p.ihl_score, p.ihl_category, p.ihl_interaction_id, p.ihl_stale_since
from postings p
left join posting_versions v on v.posting_version_id = p.current_version_id
left join workflow_runs r on r.posting_id = p.posting_id;
comment on view posting_overview is 'Every posting with its current content and what is published of it, each value with the interaction that set it.';
