-- What a run is, from what its nodes are: first the work that goes on by itself, then what waits for a
-- person, then what ended badly; idle nodes say nothing.
create or replace function run_status(p_statuses text[]) returns text
language sql immutable parallel safe
as $$
  select s.status
  from unnest(array['running', 'scheduled', 'suspended', 'failed', 'paused', 'completed']) with ordinality s (status, place)
  where s.status = any (p_statuses)
  union all
  select 'idle'
  limit 1
$$;
comment on function run_status(text[]) is 'Status of a run, derived from the statuses of its nodes.';
