-- What postings publish, and their status, from their nodes. Published is the current interaction of the
-- save step. Where there is none because an input moved on, the last save stays, marked stale, unless it
-- was invalidated or rests on something disabled;
-- a posting without usable content, or refused by a person, publishes nothing.
create or replace function settle_postings(p_postings bigint[]) returns void
language plpgsql volatile
as $$
begin
  if coalesce(cardinality(p_postings), 0) = 0 then
    return;
  end if;
  with wanted as (
    select t.posting_id, max(b.posting_status) as ending,
      max(v.save_id) filter (where s.publishes = 'summary') as summary_id,
      max(v.save_id) filter (where s.publishes = 'skills') as skills_id,
      max(v.save_id) filter (where s.publishes = 'ihl') as ihl_id,
      coalesce(bool_or(n.status = 'completed') filter (where s.publishes = 'summary'), false) as summary_current,
      coalesce(bool_or(n.status = 'completed') filter (where s.publishes = 'skills'), false) as skills_current,
      coalesce(bool_or(n.status = 'completed') filter (where s.publishes = 'ihl'), false) as ihl_current
    from (select distinct posting_id from unnest(p_postings) t (posting_id)) t
    left join workflow_runs r on r.posting_id = t.posting_id
    left join run_node_state n on n.workflow_run_id = r.workflow_run_id
    left join workflow_conversations s on s.workflow_id = r.workflow_id and s.conversation_id = n.conversation_id
    left join conversation_branches b
      on b.workflow_id = r.workflow_id and b.conversation_id = n.conversation_id and b.branch = n.branch
    cross join lateral (
      select case
        when s.publishes is null or n.status = 'paused' then null
        when n.status = 'completed' then case n.branch when 'saved' then n.interaction_id end
        else (
          select case when not i.invalidated and i.branch = 'saved' and not rests_on_disabled(i.interaction_id) then i.interaction_id end
          from interactions i
          where i.posting_id = t.posting_id and i.conversation_id = n.conversation_id and i.status = 'completed'
          order by i.interaction_id desc
          limit 1)
      end as save_id
    ) v
    group by t.posting_id
  ), judged as (
    select w.*,
      case
        when p.status = 'erased' then 'erased'
        when p.current_version_id is null then 'invalidated'
        else coalesce(w.ending, 'active')
      end as status,
      p.status <> 'erased' and p.current_version_id is not null and w.ending is null as publishes
    from wanted w
    join postings p on p.posting_id = w.posting_id
  )
  update postings p
  set status = j.status,
    extracted_summary = s.output ->> 'text',
    extracted_summary_interaction_id = s.interaction_id,
    extracted_summary_stale_since = case when s.interaction_id is not null and not j.summary_current
      then coalesce(p.extracted_summary_stale_since, clock_timestamp()) end,
    skill_keywords = case when k.interaction_id is not null then array(select jsonb_array_elements_text(k.output -> 'skills')) end,
    skill_keywords_interaction_id = k.interaction_id,
    skill_keywords_stale_since = case when k.interaction_id is not null and not j.skills_current
      then coalesce(p.skill_keywords_stale_since, clock_timestamp()) end,
    ihl_score = (h.output ->> 'score')::smallint,
    ihl_category = h.output ->> 'category',
    ihl_interaction_id = h.interaction_id,
    ihl_stale_since = case when h.interaction_id is not null and not j.ihl_current
      then coalesce(p.ihl_stale_since, clock_timestamp()) end
  from judged j
  left join interactions s on s.interaction_id = case when j.publishes then j.summary_id end
  left join interactions k on k.interaction_id = case when j.publishes then j.skills_id end
  left join interactions h on h.interaction_id = case when j.publishes then j.ihl_id end
  where p.posting_id = j.posting_id
    and (p.status, p.extracted_summary_interaction_id, p.skill_keywords_interaction_id, p.ihl_interaction_id,
      p.extracted_summary_stale_since is null, p.skill_keywords_stale_since is null, p.ihl_stale_since is null)
    is distinct from (j.status, s.interaction_id, k.interaction_id, h.interaction_id,
      s.interaction_id is null or j.summary_current, k.interaction_id is null or j.skills_current,
      h.interaction_id is null or j.ihl_current);
end
$$;
comment on function settle_postings(bigint[]) is 'Derives status and published values of the given postings.';
