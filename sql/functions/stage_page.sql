-- Stages the rows of one raw page. A row whose content is known becomes a sighting, one that brings new
-- content is staged for promotion, the rest is set aside with its reason. Every row is counted once.
create or replace function stage_page(p_raw_page_id bigint, p_partition_date date, p_source_id text, p_rows jsonb)
returns table (rows integer, seen integer, staged integer, duplicate_in_fetch integer, set_aside integer, fields_set_aside integer)
language plpgsql volatile security definer set search_path = public, pg_temp
set join_collapse_limit = 1 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
declare
  v_page record;
  v_seen bigint[];
begin
  perform enter_gate_shared();
  select r.raw_page_id, r.interaction_id, r.staged_at, i.partition_key into v_page
  from raw_pages r join interactions i using (interaction_id)
  where r.raw_page_id = p_raw_page_id
  for no key update of r;
  if v_page.staged_at is not null then
    return query select * from staged_counts(p_raw_page_id);
    return;
  end if;

  insert into postings_staging (
    interaction_id, raw_page_id, row_number, partition_date, partition_key, source_id, external_id, raw_data, title, company,
    locations, description, url, posted_on, content_hash, fields_set_aside, validation_status, reason)
  select v_page.interaction_id, p_raw_page_id, r.row_number, p_partition_date, v_page.partition_key, p_source_id,
    r.external_id, r.raw, r.title, r.company, r.locations, r.description, r.url, r.posted_on,
    case when r.outcome = 'row' then content_digest(r.title, r.company, r.locations, r.description) end,
    coalesce(r.fields_set_aside, '{}'), case r.outcome when 'row' then 'staged' else r.outcome end, r.reason
  from jsonb_to_recordset(p_rows) r (
    row_number integer, outcome text, external_id text, raw jsonb, title text, company text, locations text[],
    description text, url text, posted_on date, fields_set_aside jsonb, reason text)
  order by r.row_number
  on conflict (interaction_id, row_number) do nothing;

  with known as (
    delete from postings_staging s
    using postings p, posting_versions v
    where s.raw_page_id = p_raw_page_id and s.validation_status = 'staged'
      and p.source_id = s.source_id and p.external_id = s.external_id
      and v.posting_id = p.posting_id and v.content_hash = s.content_hash
    returning s.row_number, p.posting_id, v.posting_version_id
  ), seen as (
    insert into sightings (fetch_interaction_id, posting_id, posting_version_id, partition_date, row_number)
    select v_page.interaction_id, k.posting_id, k.posting_version_id, p_partition_date, k.row_number
    from known k
    order by k.posting_id, k.row_number
    on conflict do nothing
    returning posting_id
  )
  select array_agg(distinct posting_id) into v_seen from seen;
  perform lock_postings(v_seen);
  perform settle_content(v_seen);
  update raw_pages r
  set staged_at = clock_timestamp(), row_count = jsonb_array_length(p_rows),
    fields_set_aside = (select count(*) from jsonb_array_elements(p_rows) o where o -> 'fields_set_aside' not in ('null', '{}'))
  where r.raw_page_id = p_raw_page_id;
  return query select * from staged_counts(p_raw_page_id);
end
$$;
comment on function stage_page(bigint, date, text, jsonb) is 'Stages the parsed rows of one raw page; returns the counts, which add up to the rows received.';
