-- Starts from what is withdrawn, which is little, and follows the edges down to what is published.
create or replace view audit_withdrawn_publications as
with recursive withdrawn (interaction_id, origin) as (
  select i.interaction_id, 'interaction ' || i.interaction_id || ' is withdrawn'
  from interactions i
  where i.status = 'completed' and (i.invalidated or not i.enabled)
  union all
  select e.interaction_id, 'content version ' || e.posting_version_id || ' has no valid fetch'
  from unsupported_versions v
  join interaction_inputs e on e.posting_version_id = v.posting_version_id
), tainted as (
  select w.interaction_id, w.origin from withdrawn w
  union
  select e.interaction_id, t.origin
  from tainted t
  join interaction_inputs e on e.input_interaction_id = t.interaction_id
)
select v.posting_id, t.interaction_id, 'it is published as ' || v.what || ', and ' || min(t.origin) as problem
from tainted t
join (
  select p.posting_id, s.what, s.interaction_id
  from postings p
  cross join lateral (values
    ('summary', p.extracted_summary_interaction_id),
    ('skills', p.skill_keywords_interaction_id),
    ('ihl', p.ihl_interaction_id)) s (what, interaction_id)
) v on v.interaction_id = t.interaction_id
group by v.posting_id, t.interaction_id, v.what;
comment on view audit_withdrawn_publications is 'Violations of invariant 4, second half: published values that come from invalidated or disabled work.';
