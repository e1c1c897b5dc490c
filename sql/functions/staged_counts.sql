create or replace function staged_counts(p_raw_page_id bigint)
returns table (rows integer, seen integer, staged integer, duplicate_in_fetch integer, set_aside integer, fields_set_aside integer)
language sql stable
as $$
  select r.row_count,
    r.row_count - count(s.staging_id)::integer,
    (count(s.staging_id) filter (where s.validation_status in ('staged', 'new', 'changed', 'seen')))::integer,
    (count(s.staging_id) filter (where s.validation_status = 'duplicate_in_fetch'))::integer,
    (count(s.staging_id) filter (where s.validation_status = 'set_aside'))::integer,
    r.fields_set_aside
  from raw_pages r
  left join postings_staging s on s.raw_page_id = r.raw_page_id
  where r.raw_page_id = p_raw_page_id
  group by r.raw_page_id
$$;
comment on function staged_counts(bigint) is 'What became of the rows of one raw page at staging.';
