create or replace function log_postings() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_hashjoin = on set enable_nestloop = off set enable_mergejoin = off
as $$
begin
  insert into execution_events (event_key, aggregate_type, aggregate_id, event_type, posting_id, event_data)
  select 'posting:' || p.posting_id || ':' || p.status || ':' || concat_ws('/', p.current_version_id,
      p.extracted_summary_interaction_id, p.skill_keywords_interaction_id, p.ihl_interaction_id),
    'posting', p.posting_id::text,
    case when o.status <> p.status then 'posting_' || p.status
      when o.current_version_id is distinct from p.current_version_id then 'posting_content_changed'
      else 'posting_published' end,
    p.posting_id,
    jsonb_strip_nulls(jsonb_build_object('version', p.current_version_id, 'summary', p.extracted_summary_interaction_id,
      'skills', p.skill_keywords_interaction_id, 'ihl', p.ihl_interaction_id))
  from after p
  join before o on o.posting_id = p.posting_id
  where (o.status, o.current_version_id, o.extracted_summary_interaction_id, o.skill_keywords_interaction_id, o.ihl_interaction_id)
    is distinct from
    (p.status, p.current_version_id, p.extracted_summary_interaction_id, p.skill_keywords_interaction_id, p.ihl_interaction_id)
  on conflict (event_key) do nothing;
  return null;
exception when others then
  perform count_lost_events('postings', sqlerrm);
  return null;
end
$$;
comment on function log_postings() is 'Writes the events of postings.';
