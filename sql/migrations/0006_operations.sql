-- Operational tables: audit log, rebuild log, breakers. Nothing is ever decided from the audit log.

create table execution_events (
  event_id bigint generated always as identity primary key,
  event_key text collate "C" not null,
  event_timestamp timestamptz not null default clock_timestamp(),
  aggregate_type text not null
    constraint an_event_is_about_an_interaction_node_run_posting_or_invalidation
    check (aggregate_type in ('interaction', 'node', 'run', 'posting', 'invalidation')),
  aggregate_id text not null,
  event_type text not null,
  event_version smallint not null default 1,
  posting_id bigint,
  event_data jsonb not null default '{}',
  metadata jsonb not null default '{}',
  invalidated boolean not null default false,
  invalidation_reason text,
  constraint one_event_per_subject_and_transition unique (event_key)
) with (autovacuum_vacuum_insert_scale_factor = 0.05);
comment on table execution_events is 'Audit log, one event per transition. Derived: never read to decide anything.';
comment on column execution_events.event_id is 'Key; order of writing.';
comment on column execution_events.event_key is 'Subject and transition, so that writing an event twice writes it once.';
comment on column execution_events.event_timestamp is 'When it was written.';
comment on column execution_events.aggregate_type is 'interaction, node, run, posting or invalidation.';
comment on column execution_events.aggregate_id is 'Key of the subject.';
comment on column execution_events.event_type is 'What happened, for example interaction_completed.';
comment on column execution_events.event_version is 'Version of the event''s form.';
comment on column execution_events.posting_id is 'The posting it is about.';
comment on column execution_events.event_data is 'Ids, branch and error class; never posting text.';
comment on column execution_events.metadata is 'conversation_id, actor_id, execution_order, status, duration_ms, retry_count, correlation_id, causation_id.';
comment on column execution_events.invalidated is 'True when what it records was invalidated.';
comment on column execution_events.invalidation_reason is 'Why.';

create table lost_events (
  lost_event_id bigint generated always as identity primary key,
  subject text not null,
  events integer not null,
  error text not null,
  created_at timestamptz not null default clock_timestamp()
);
comment on table lost_events is 'How many events could not be written, and why; work went on.';
comment on column lost_events.lost_event_id is 'Key.';
comment on column lost_events.subject is 'Table whose transitions were not logged.';
comment on column lost_events.events is 'How many.';
comment on column lost_events.error is 'The database''s error.';
comment on column lost_events.created_at is 'When.';

create table projection_rebuild_log (
  rebuild_id bigint generated always as identity primary key,
  reason text not null,
  rebuilt_by text not null,
  postings integer not null,
  nodes integer not null,
  differences integer not null,
  rebuild_time_ms integer not null,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now()
);
comment on table projection_rebuild_log is 'Every rebuild of state from the ledger.';
comment on column projection_rebuild_log.rebuild_id is 'Key.';
comment on column projection_rebuild_log.reason is 'Why.';
comment on column projection_rebuild_log.rebuilt_by is 'By whom.';
comment on column projection_rebuild_log.postings is 'Postings rebuilt.';
comment on column projection_rebuild_log.nodes is 'Nodes rebuilt.';
comment on column projection_rebuild_log.differences is 'Nodes whose state was not what the ledger gives.';
comment on column projection_rebuild_log.rebuild_time_ms is 'Milliseconds.';
comment on column projection_rebuild_log.metadata is 'Anything else.';
comment on column projection_rebuild_log.created_at is 'When.';

create table circuit_breakers (
  actor_id integer primary key references actors,
  state text not null default 'closed'
    constraint breaker_state_is_known check (state in ('closed', 'open', 'half_open')),
  consecutive_failures integer not null default 0,
  opened_at timestamptz,
  probe_at timestamptz,
  updated_at timestamptz not null default now()
);
comment on table circuit_breakers is 'Breaker of each actor.';
comment on column circuit_breakers.actor_id is 'The actor.';
comment on column circuit_breakers.state is 'closed, open or half_open.';
comment on column circuit_breakers.consecutive_failures is 'Failures since the last success.';
comment on column circuit_breakers.opened_at is 'When it opened.';
comment on column circuit_breakers.probe_at is 'When one probe may be sent.';
comment on column circuit_breakers.updated_at is 'When the row last changed.';
