-- Invalidation, requests and recoveries: who withdrew what, why, and what was done about it.

create table invalidations (
  invalidation_id bigint generated always as identity primary key,
  reason text not null constraint an_invalidation_has_a_reason check (reason ~ '\S'),
  ticket text,
  invalidated_by text not null,
  selector jsonb not null default '{}',
  counts jsonb not null default '{}',
  created_at timestamptz not null default now(),
  reinstated_at timestamptz,
  reinstated_by text,
  constraint a_reinstatement_says_by_whom check ((reinstated_at is null) = (reinstated_by is null))
);
comment on table invalidations is 'One act of marking work as wrong.';
comment on column invalidations.invalidation_id is 'Key.';
comment on column invalidations.reason is 'Why.';
comment on column invalidations.ticket is 'Number in a tracker, if there is one.';
comment on column invalidations.invalidated_by is 'By whom.';
comment on column invalidations.selector is 'What was selected.';
comment on column invalidations.counts is 'What it hit, by step.';
comment on column invalidations.created_at is 'When.';
comment on column invalidations.reinstated_at is 'When it was lifted.';
comment on column invalidations.reinstated_by is 'By whom it was lifted.';

create table invalidation_hits (
  invalidation_id bigint not null references invalidations,
  interaction_id bigint not null references interactions,
  is_cause boolean not null,
  primary key (invalidation_id, interaction_id)
);
create index invalidation_hits_by_interaction on invalidation_hits (interaction_id);
comment on table invalidation_hits is 'Interactions that an invalidation hit: its causes, and what fell with them along the edges.';
comment on column invalidation_hits.invalidation_id is 'The invalidation.';
comment on column invalidation_hits.interaction_id is 'The interaction.';
comment on column invalidation_hits.is_cause is 'True where the invalidation named it, false where it fell by cascade.';

create table requests (
  request_id bigint generated always as identity primary key,
  kind text not null constraint request_kind_is_known check (kind in ('reprocess', 'retry', 'give_up', 'disable')),
  selector jsonb not null,
  conversation_id integer references conversations,
  version integer,
  actor_id integer references actors,
  reason text not null constraint a_request_has_a_reason check (reason ~ '\S'),
  requested_by text not null,
  created_at timestamptz not null default now(),
  closed_at timestamptz
);
comment on table requests is 'Standing requests of operators: reprocess, retry, give up, disable.';
comment on column requests.request_id is 'Key.';
comment on column requests.kind is 'reprocess, retry, give_up or disable.';
comment on column requests.selector is 'What was selected.';
comment on column requests.conversation_id is 'Step that it is about.';
comment on column requests.version is 'Prompt version asked for.';
comment on column requests.actor_id is 'Actor asked for.';
comment on column requests.reason is 'Why.';
comment on column requests.requested_by is 'By whom.';
comment on column requests.created_at is 'When.';
comment on column requests.closed_at is 'When it was done.';

create table recoveries (
  recovery_id bigint generated always as identity primary key,
  invalidation_id bigint references invalidations,
  request_id bigint references requests,
  partitions text[] not null default '{}',
  attempts integer not null default 0,
  dagster_run_ids text[] not null default '{}',
  nodes_redone integer not null default 0,
  results_reused integer not null default 0,
  model_calls integer not null default 0,
  published_before jsonb not null default '{}',
  published_after jsonb not null default '{}',
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  constraint a_recovery_answers_one_invalidation_or_request check (num_nonnulls(invalidation_id, request_id) = 1)
);
comment on table recoveries is 'What was done about one invalidation or request.';
comment on column recoveries.recovery_id is 'Key.';
comment on column recoveries.invalidation_id is 'The invalidation.';
comment on column recoveries.request_id is 'The request.';
comment on column recoveries.partitions is 'Partitions that were affected.';
comment on column recoveries.attempts is 'Dagster runs that ended.';
comment on column recoveries.dagster_run_ids is 'Dagster runs that worked on it.';
comment on column recoveries.nodes_redone is 'Nodes that were redone.';
comment on column recoveries.results_reused is 'Results that were reused.';
comment on column recoveries.model_calls is 'Calls that were made.';
comment on column recoveries.published_before is 'Published values before, by posting.';
comment on column recoveries.published_after is 'Published values after, by posting.';
comment on column recoveries.started_at is 'When it began.';
comment on column recoveries.completed_at is 'When nothing was owed any more.';
