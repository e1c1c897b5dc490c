-- The current content of a posting is that of its newest supported sighting: newest by partition date,
-- whatever order the fetches ran in; within one date by fetch, within one fetch by row. Where it moved,
-- the nodes that read it are derived anew. The caller holds the locks of the runs.
create or replace function settle_content(p_postings bigint[]) returns void
language plpgsql volatile
as $$
declare
  v_moved bigint[];
begin
  if coalesce(cardinality(p_postings), 0) = 0 then
    return;
  end if;
  with supported as (
    select s.*, f.partition_key from sightings s
    join interactions f on f.interaction_id = s.fetch_interaction_id and f.enabled and not f.invalidated
    where s.posting_id = any (p_postings)
  ), content as (
    select distinct on (posting_id) posting_id, posting_version_id
    from supported order by posting_id, partition_date desc, fetch_interaction_id desc, row_number desc
  ), spans as (
    select posting_id, min(partition_date) as first_seen_on, max(partition_date) as last_seen_on from supported group by posting_id
  ), updated as (
    update postings p
    set current_version_id = c.posting_version_id, first_seen_on = s.first_seen_on, last_seen_on = s.last_seen_on
    from postings o
    left join content c on c.posting_id = o.posting_id
    left join spans s on s.posting_id = o.posting_id
    where o.posting_id = any (p_postings) and p.posting_id = o.posting_id
      and (o.current_version_id, o.first_seen_on, o.last_seen_on)
        is distinct from (c.posting_version_id, s.first_seen_on, s.last_seen_on)
    returning p.posting_id, o.current_version_id is distinct from p.current_version_id as moved
  ), homes as (
    select distinct on (s.posting_id) s.posting_id, s.partition_key
    from supported s join content c using (posting_id, posting_version_id)
    order by s.posting_id, s.partition_date, s.fetch_interaction_id, s.row_number
  ), rehomed as (
    update workflow_runs r set partition_key = h.partition_key
    from homes h
    where r.posting_id = h.posting_id and r.partition_key <> h.partition_key
    returning r.posting_id
  )
  select array_agg(distinct m.posting_id) into v_moved
  from (select posting_id from updated where moved union all select posting_id from rehomed) m;
  perform deliver_content(v_moved);
  perform settle_moved_runs(array(select r.workflow_run_id from workflow_runs r where r.posting_id = any (v_moved)));
end
$$;
comment on function settle_content(bigint[]) is 'Derives the current content of the given postings and what follows from it.';
