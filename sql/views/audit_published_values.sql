-- What every save step produced, against what is published of it. The last save stays published while its
-- node waits for newer content, unless it was invalidated or rests on something disabled.
create or replace view audit_published_values as
with produced as (
  select r.posting_id, s.publishes,
    case
      when n.status = 'completed' then case n.branch when 'saved' then n.interaction_id end
      when n.status <> 'paused' then (
        select case when i.branch = 'saved' and not i.invalidated and not rests_on_disabled(i.interaction_id) then i.interaction_id end
        from interactions i
        where i.posting_id = n.posting_id and i.conversation_id = n.conversation_id and i.status = 'completed'
        order by i.interaction_id desc
        limit 1)
    end as interaction_id
  from workflow_runs r
  join workflow_conversations s on s.workflow_id = r.workflow_id and s.publishes is not null
  join run_node_state n on n.workflow_run_id = r.workflow_run_id and n.conversation_id = s.conversation_id
), published as (
  select p.posting_id, v.publishes, p.status in ('active', 'gone') as is_open, v.interaction_id, v.value
  from postings p
  cross join lateral (values
    ('summary', p.extracted_summary_interaction_id, to_jsonb(p.extracted_summary)),
    ('skills', p.skill_keywords_interaction_id, to_jsonb(p.skill_keywords)),
    ('ihl', p.ihl_interaction_id, jsonb_build_array(p.ihl_score, p.ihl_category))
  ) v (publishes, interaction_id, value)
)
select p.posting_id, coalesce(p.interaction_id, d.interaction_id) as interaction_id,
  case
    when p.interaction_id is null then 'its ' || p.publishes || ' is produced, and not published'
    when p.interaction_id is distinct from d.interaction_id then 'its published ' || p.publishes || ' is not the produced one'
    else 'its published ' || p.publishes || ' is not what the save step answered'
  end as problem
from published p
left join produced d on d.posting_id = p.posting_id and d.publishes = p.publishes and p.is_open
left join interactions i on i.interaction_id = p.interaction_id
where p.interaction_id is distinct from d.interaction_id
  or p.interaction_id is not null and p.value is distinct from case p.publishes
    when 'summary' then i.output -> 'text'
    when 'skills' then i.output -> 'skills'
    else jsonb_build_array(i.output -> 'score', i.output -> 'category')
  end;
comment on view audit_published_values is 'Violations of invariant 9: published values that are not what the save steps produced.';
