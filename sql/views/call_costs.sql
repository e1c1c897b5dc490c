-- What was really called, valid or not: it was paid for. A follower or a reused result was not called.
create or replace view call_costs as
select i.conversation_id, c.canonical_name, min(i.execution_order) as execution_order, i.actor_type, i.model,
  count(*) as attempts,
  count(*) filter (where i.reused_from is null and i.status in ('completed', 'failed') and i.error_class is distinct from 'invalid_input')
    as calls,
  count(*) filter (where i.reused_from is not null and i.status = 'completed') as reused,
  count(*) filter (where i.status = 'failed') as failed,
  coalesce(sum(i.duration_ms) filter (where i.reused_from is null), 0) / 1000.0 as seconds,
  percentile_cont(0.5) within group (order by i.duration_ms) filter (where i.reused_from is null) as p50_ms,
  percentile_cont(0.95) within group (order by i.duration_ms) filter (where i.reused_from is null) as p95_ms,
  coalesce(sum(i.tokens_in), 0) as tokens_in, coalesce(sum(i.tokens_out), 0) as tokens_out
from interactions i
join conversations c on c.conversation_id = i.conversation_id
group by i.conversation_id, c.canonical_name, i.actor_type, i.model;
comment on view call_costs is 'Calls, reused results, failures, seconds and tokens of each step and model.';
