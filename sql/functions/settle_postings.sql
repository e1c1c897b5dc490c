-- What postings publish, and their status, from their nodes. Published is the current interaction of the
-- save step. Where there is none because an input moved on, the last valid save stays, marked stale;
-- a posting without usable content, or refused by a person, publishes nothing.
create or replace function settle_postings(p_postings bigint[]) returns void
language plpgsql volatile
as $$
begin
  if coalesce(cardinality(p_postings), 0) = 0 then
    return;
  end if;
  with wanted as (
    select p.posting_id,
      case
        when p.status = 'erased' then 'erased'
        when p.current_version_id is null then 'invalidated'
        else coalesce(e.posting_status, 'active')
      end as status,
      s.interaction_id as summary_id, s.is_current as summary_current,
      k.interaction_id as skills_id, k.is_current as skills_current,
      h.interaction_id as ihl_id, h.is_current as ihl_current
    from postings p
    left join lateral (
      select b.posting_status
      from workflow_runs r
      join run_node_state n on n.workflow_run_id = r.workflow_run_id and n.status = 'completed'
      join conversation_branches b
        on b.workflow_id = r.workflow_id and b.conversation_id = n.conversation_id and b.branch = n.branch
        and b.posting_status is not null
      where r.posting_id = p.posting_id
      limit 1
    ) e on true
    left join lateral published_by(p.posting_id, 'summary') s on true
    left join lateral published_by(p.posting_id, 'skills') k on true
    left join lateral published_by(p.posting_id, 'ihl') h on true
    where p.posting_id = any (p_postings)
  ), blocked as (
    select w.*, w.status not in ('active', 'gone') as is_blocked from wanted w
  )
  update postings p
  set status = b.status,
    extracted_summary = s.output ->> 'text',
    extracted_summary_interaction_id = s.interaction_id,
    extracted_summary_stale_since = case when s.interaction_id is not null and not b.summary_current
      then coalesce(p.extracted_summary_stale_since, clock_timestamp()) end,
    skill_keywords = case when k.interaction_id is not null then array(select jsonb_array_elements_text(k.output -> 'skills')) end,
    skill_keywords_interaction_id = k.interaction_id,
    skill_keywords_stale_since = case when k.interaction_id is not null and not b.skills_current
      then coalesce(p.skill_keywords_stale_since, clock_timestamp()) end,
    ihl_score = (h.output ->> 'score')::smallint,
    ihl_category = h.output ->> 'category',
    ihl_interaction_id = h.interaction_id,
    ihl_stale_since = case when h.interaction_id is not null and not b.ihl_current
      then coalesce(p.ihl_stale_since, clock_timestamp()) end
  from blocked b
  left join interactions s on s.interaction_id = b.summary_id and not b.is_blocked
  left join interactions k on k.interaction_id = b.skills_id and not b.is_blocked
  left join interactions h on h.interaction_id = b.ihl_id and not b.is_blocked
  where p.posting_id = b.posting_id
    and (p.status, p.extracted_summary_interaction_id, p.skill_keywords_interaction_id, p.ihl_interaction_id,
      p.extracted_summary_stale_since is null, p.skill_keywords_stale_since is null, p.ihl_stale_since is null)
    is distinct from (b.status, s.interaction_id, k.interaction_id, h.interaction_id,
      s.interaction_id is null or b.summary_current, k.interaction_id is null or b.skills_current,
      h.interaction_id is null or b.ihl_current);
end
$$;
comment on function settle_postings(bigint[]) is 'Derives status and published values of the given postings.';
