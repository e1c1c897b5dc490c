-- Makes postings, content versions, runs and sightings of staged rows, in the order they were staged, and
-- lets the owed work follow. A row whose content another partition brought meanwhile counts as seen.
create or replace function promote_staged(p_workflow_id integer, p_partition_key text, p_limit integer)
returns table (promoted integer, new integer, changed integer, seen integer)
language plpgsql volatile security definer set search_path = public, pg_temp
set join_collapse_limit = 1 set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
declare
  v_rows bigint[];
  v_new_postings bigint[];
  v_new_versions bigint[];
  v_postings bigint[];
begin
  perform enter_gate_shared();
  select array_agg(s.staging_id) into v_rows from (
    select s.staging_id from postings_staging s
    where s.partition_key = p_partition_key and s.validation_status = 'staged'
    order by s.staging_id limit p_limit
    for update skip locked
  ) s;
  if v_rows is null then
    return query select 0, 0, 0, 0;
    return;
  end if;

  with born as (
    insert into postings (source_id, external_id)
    select distinct s.source_id, s.external_id from postings_staging s
    where s.staging_id = any (v_rows)
    order by s.source_id, s.external_id
    on conflict do nothing
    returning posting_id
  )
  select coalesce(array_agg(posting_id), '{}') into v_new_postings from born;

  select array_agg(distinct p.posting_id) into v_postings
  from postings_staging s join postings p using (source_id, external_id)
  where s.staging_id = any (v_rows);
  insert into workflow_runs (workflow_id, posting_id, partition_key)
  select p_workflow_id, p.posting_id, p_partition_key from unnest(v_postings) p (posting_id)
  order by p.posting_id
  on conflict (posting_id, workflow_id) do nothing;
  perform lock_postings(v_postings);

  with born as (
    insert into posting_versions (
      posting_id, content_hash, prompt_hash, title, company, locations, description, url, posted_on)
    select distinct on (p.posting_id, s.content_hash) p.posting_id, s.content_hash,
      content_digest(s.title, s.company, '{}', s.description), s.title, s.company, s.locations, s.description, s.url, s.posted_on
    from postings_staging s join postings p using (source_id, external_id)
    where s.staging_id = any (v_rows)
    order by p.posting_id, s.content_hash, s.row_number
    on conflict (posting_id, content_hash) do nothing
    returning posting_version_id
  )
  select coalesce(array_agg(posting_version_id), '{}') into v_new_versions from born;

  insert into sightings (fetch_interaction_id, posting_id, posting_version_id, partition_date, row_number)
  select s.interaction_id, p.posting_id, v.posting_version_id, s.partition_date, s.row_number
  from postings_staging s
  join postings p using (source_id, external_id)
  join posting_versions v on v.posting_id = p.posting_id and v.content_hash = s.content_hash
  where s.staging_id = any (v_rows)
  on conflict do nothing;
  perform settle_content(v_postings);

  return query
    with outcome as (
      update postings_staging s
      set promoted_to_posting_id = p.posting_id,
        validation_status = case
          when not v.posting_version_id = any (v_new_versions) then 'seen'
          when p.posting_id = any (v_new_postings)
            and v.posting_version_id = (select min(f.posting_version_id) from posting_versions f where f.posting_id = p.posting_id)
            then 'new'
          else 'changed'
        end
      from postings p, posting_versions v
      where s.staging_id = any (v_rows) and p.source_id = s.source_id and p.external_id = s.external_id
        and v.posting_id = p.posting_id and v.content_hash = s.content_hash
      returning s.validation_status
    )
    select count(*)::integer, (count(*) filter (where validation_status = 'new'))::integer,
      (count(*) filter (where validation_status = 'changed'))::integer,
      (count(*) filter (where validation_status = 'seen'))::integer
    from outcome;
end
$$;
comment on function promote_staged(integer, text, integer)
  is 'Promotes staged rows of a partition; returns how many, and how many were new, changed or seen.';
