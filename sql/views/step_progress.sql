-- One row a step (and round) that postings of a partition can reach. A posting can reach a step when the
-- step's node has a state, or when work that the step depends on is unfinished; so a posting whose branch
-- leads past a step does not count there, and one that is stuck before it does.
--
-- A posting's unfinished nodes are gathered as one bit each, and postings are counted by the few
-- combinations that occur. States are listed, not excluded, so that the index nodes_by_partition answers.
create or replace view step_progress as
with recursive upstream (workflow_id, conversation_id, round, ancestor_id, ancestor_round) as (
  select i.workflow_id, i.conversation_id, i.round, i.producer_conversation_id, i.producer_round
  from conversation_inputs i
  where i.producer_kind = 'interaction'
  union
  select u.workflow_id, u.conversation_id, u.round, i.producer_conversation_id, i.producer_round
  from upstream u
  join conversation_inputs i
    on i.workflow_id = u.workflow_id and i.conversation_id = u.ancestor_id and i.round = u.ancestor_round
    and i.producer_kind = 'interaction'
), nodes as (
  select w.workflow_id, w.conversation_id, w.round, w.topological_order, s.execution_order, s.asset_name,
    c.canonical_name, 1::bigint << w.topological_order as own_bit, coalesce(a.bits, 0) as upstream_bits
  from workflow_nodes w
  join workflow_conversations s using (workflow_id, conversation_id)
  join conversations c using (conversation_id)
  left join (
    select u.workflow_id, u.conversation_id, u.round, bit_or(1::bigint << o.topological_order) as bits
    from upstream u
    join workflow_nodes o
      on o.workflow_id = u.workflow_id and o.conversation_id = u.ancestor_id and o.round = u.ancestor_round
    group by u.workflow_id, u.conversation_id, u.round
  ) a using (workflow_id, conversation_id, round)
), unfinished as (
  select p.partition_key, p.bits, count(*) as postings
  from (
    select n.partition_key, n.workflow_run_id, bit_or(w.own_bit) as bits
    from run_node_state n
    join nodes w on w.conversation_id = n.conversation_id and w.round = n.round
    where n.status in ('scheduled', 'running', 'suspended', 'failed', 'paused') and n.posting_id is not null
    group by n.partition_key, n.workflow_run_id
  ) p
  group by p.partition_key, p.bits
), counted as (
  select n.partition_key, n.conversation_id, n.round, n.status, count(*) as postings
  from run_node_state n
  where n.status in ('scheduled', 'running', 'suspended', 'completed', 'failed', 'paused')
  group by n.partition_key, n.conversation_id, n.round, n.status
  union all
  select u.partition_key, w.conversation_id, w.round, 'coming', sum(u.postings)::bigint
  from unfinished u
  join nodes w on u.bits & w.upstream_bits <> 0 and u.bits & w.own_bit = 0
  group by u.partition_key, w.conversation_id, w.round
), figures as (
  select c.partition_key, c.conversation_id, c.round, sum(c.postings)::bigint as can_reach,
    coalesce(sum(c.postings) filter (where c.status = 'coming'), 0)::bigint as coming,
    coalesce(sum(c.postings) filter (where c.status = 'scheduled'), 0)::bigint as owed,
    coalesce(sum(c.postings) filter (where c.status = 'running'), 0)::bigint as running,
    coalesce(sum(c.postings) filter (where c.status = 'suspended'), 0)::bigint as waiting_for_person,
    coalesce(sum(c.postings) filter (where c.status = 'completed'), 0)::bigint as done,
    coalesce(sum(c.postings) filter (where c.status = 'failed'), 0)::bigint as failed,
    coalesce(sum(c.postings) filter (where c.status = 'paused'), 0)::bigint as paused
  from counted c
  group by c.partition_key, c.conversation_id, c.round
)
select f.partition_key, split_part(f.partition_key, '|', 2) as source_id, w.workflow_id, f.conversation_id,
  w.canonical_name, f.round, w.topological_order, w.execution_order, w.asset_name, f.coming, f.owed, f.running,
  f.waiting_for_person, f.done, f.failed, f.paused, f.can_reach
from figures f
join nodes w on w.conversation_id = f.conversation_id and w.round = f.round
where exists (
  select from conversation_inputs i
  where i.workflow_id = w.workflow_id and i.conversation_id = w.conversation_id and i.producer_kind <> 'trigger');
comment on view step_progress is 'Progress of every step and round in every partition: in which state how many postings are, and how many can reach it. Counts valid, enabled work only.';
