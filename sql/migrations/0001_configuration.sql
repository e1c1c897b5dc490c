-- Configuration: what the pipeline is. Declared in Python, synchronised on migrate, never deleted.

create table workflows (
  workflow_id integer primary key,
  canonical_name text not null constraint one_workflow_per_name unique,
  created_at timestamptz not null default now()
);
comment on table workflows is 'A declared graph of conversations, for example 3001, the job-processing pipeline.';
comment on column workflows.workflow_id is 'The id that operators know.';
comment on column workflows.canonical_name is 'Name in snake case.';
comment on column workflows.created_at is 'When this workflow was first declared here.';

create table actors (
  actor_id integer generated always as identity primary key,
  actor_type text not null
    constraint actor_type_is_script_ai_model_or_human check (actor_type in ('script', 'ai_model', 'human')),
  model text not null,
  settings jsonb not null default '{}',
  digest bytea not null constraint one_actor_per_type_model_and_settings unique,
  created_at timestamptz not null default now()
);
comment on table actors is 'Who does a step. A changed model or setting is another actor, so an interaction names exactly what answered.';
comment on column actors.actor_id is 'Key.';
comment on column actors.actor_type is 'script, ai_model or human.';
comment on column actors.model is 'Model name, script name, or the human role.';
comment on column actors.settings is 'Settings that change what the actor answers; part of the digest.';
comment on column actors.digest is 'SHA-256 over type, model and settings; part of every input hash.';
comment on column actors.created_at is 'When this actor was first declared here.';

create table conversations (
  conversation_id integer primary key,
  canonical_name text not null constraint one_conversation_per_name unique,
  created_at timestamptz not null default now()
);
comment on table conversations is 'One step: one actor, one versioned prompt or script, declared inputs, guard and branches.';
comment on column conversations.conversation_id is 'The id that operators know.';
comment on column conversations.canonical_name is 'Name in snake case.';
comment on column conversations.created_at is 'When this conversation was first declared here.';

create table conversation_versions (
  conversation_id integer not null references conversations,
  version integer not null,
  prompt text not null,
  digest bytea not null,
  created_at timestamptz not null default now(),
  primary key (conversation_id, version),
  constraint a_changed_prompt_is_a_new_version unique (conversation_id, digest)
);
comment on table conversation_versions is 'Every prompt or script text that a conversation ever had.';
comment on column conversation_versions.conversation_id is 'The conversation.';
comment on column conversation_versions.version is 'Counted from 1.';
comment on column conversation_versions.prompt is 'Prompt of a model or human step, source of a script step, verbatim.';
comment on column conversation_versions.digest is 'SHA-256 of the text; part of every input hash.';
comment on column conversation_versions.created_at is 'When this version was first declared here.';

create table workflow_conversations (
  workflow_id integer not null references workflows,
  conversation_id integer not null references conversations,
  execution_order integer not null,
  actor_id integer not null references actors,
  version integer not null,
  timeout_seconds integer not null,
  asset_name text not null,
  script_function text,
  publishes text
    constraint a_save_step_publishes_summary_skills_or_ihl check (publishes in ('summary', 'skills', 'ihl')),
  primary key (workflow_id, conversation_id),
  foreign key (conversation_id, version) references conversation_versions
);
comment on table workflow_conversations is 'Which conversations a workflow has, who does them and in which version.';
comment on column workflow_conversations.workflow_id is 'The workflow.';
comment on column workflow_conversations.conversation_id is 'The conversation.';
comment on column workflow_conversations.execution_order is 'Order for display and for the waves; dependencies are in conversation_inputs.';
comment on column workflow_conversations.actor_id is 'Who does new work of this step.';
comment on column workflow_conversations.version is 'Version that new work of this step uses.';
comment on column workflow_conversations.timeout_seconds is 'How long one call may take; for a human step the shown deadline.';
comment on column workflow_conversations.asset_name is 'Dagster asset in whose run this step is done.';
comment on column workflow_conversations.script_function is 'SQL function of a script step; null for other actors and for fetch_jobs.';
comment on column workflow_conversations.publishes is 'Which published value the current interaction of this step sets.';

create table conversation_branches (
  workflow_id integer not null,
  conversation_id integer not null,
  branch text not null,
  meaning text not null,
  posting_status text,
  primary key (workflow_id, conversation_id, branch),
  foreign key (workflow_id, conversation_id) references workflow_conversations
);
comment on table conversation_branches is 'Branch labels that a conversation may answer, matched exactly.';
comment on column conversation_branches.workflow_id is 'The workflow.';
comment on column conversation_branches.conversation_id is 'The conversation.';
comment on column conversation_branches.branch is 'The label; * where a step has one way only.';
comment on column conversation_branches.meaning is 'What follows on this branch, for people.';
comment on column conversation_branches.posting_status is 'Status that this branch gives the posting, where it ends the posting''s way.';

create table workflow_nodes (
  workflow_id integer not null,
  conversation_id integer not null,
  round smallint not null,
  topological_order integer not null,
  primary key (workflow_id, conversation_id, round),
  foreign key (workflow_id, conversation_id) references workflow_conversations
);
comment on table workflow_nodes is 'Every conversation in every round, the improve loop unrolled.';
comment on column workflow_nodes.workflow_id is 'The workflow.';
comment on column workflow_nodes.conversation_id is 'The conversation.';
comment on column workflow_nodes.round is '0, or 1 to 3 in the improve loop.';
comment on column workflow_nodes.topological_order is 'Producers come before their readers.';

create table conversation_inputs (
  workflow_id integer not null,
  conversation_id integer not null,
  round smallint not null,
  alternative smallint not null,
  handle text not null,
  producer_kind text not null
    constraint an_input_comes_from_content_an_interaction_or_a_trigger
    check (producer_kind in ('content', 'interaction', 'trigger')),
  producer_conversation_id integer,
  producer_round smallint,
  field text,
  required_keys text[] not null default '{}',
  accepts text[],
  guard text not null default 'all'
    constraint a_guard_asks_all_or_any check (guard in ('all', 'any')),
  is_bound boolean not null default true,
  is_last boolean not null default false,
  primary key (workflow_id, conversation_id, round, alternative, handle),
  foreign key (workflow_id, conversation_id, round) references workflow_nodes,
  constraint an_interaction_input_names_its_producer
    check ((producer_kind = 'interaction') = (producer_conversation_id is not null and producer_round is not null))
);
create index conversation_inputs_by_producer
  on conversation_inputs (workflow_id, producer_conversation_id, producer_round);
comment on table conversation_inputs is 'Declared inputs of every node, the improve loop unrolled; one alternative at a time can be satisfied.';
comment on column conversation_inputs.workflow_id is 'The workflow.';
comment on column conversation_inputs.conversation_id is 'The reading conversation.';
comment on column conversation_inputs.round is 'Round of the reading node: 0, or 1 to 3 in the improve loop.';
comment on column conversation_inputs.alternative is 'Set of inputs that belong together; a node needs every input of one set.';
comment on column conversation_inputs.handle is 'Name of the input inside the reading step.';
comment on column conversation_inputs.producer_kind is 'content (the posting''s current content version), interaction or trigger.';
comment on column conversation_inputs.producer_conversation_id is 'Conversation whose current interaction is read.';
comment on column conversation_inputs.producer_round is 'Round of the producing node.';
comment on column conversation_inputs.field is 'Key of the producer''s output that is bound; null binds the whole output.';
comment on column conversation_inputs.required_keys is 'Keys of the bound value that must not be missing or blank.';
comment on column conversation_inputs.accepts is 'Branches of the producer for which the guard holds; null where the guard does not ask.';
comment on column conversation_inputs.guard is 'all: every guarded input must be accepted; any: at least one.';
comment on column conversation_inputs.is_last is 'The one input of its set whose producer comes last: while that is missing, nothing else needs a look.';
comment on column conversation_inputs.is_bound is 'False for an input that only guards: consumed and recorded, not sent to the actor.';

create table sources (
  source_id text primary key
    constraint a_source_id_is_lower_snake_case check (source_id ~ '^[a-z][a-z0-9_]*$'),
  label text not null,
  adapter text not null,
  timezone text not null,
  settings jsonb not null default '{}',
  retired boolean not null default false,
  created_at timestamptz not null default now()
);
comment on table sources is 'Job boards: an adapter and its settings; retired by a flag, never removed.';
comment on column sources.source_id is 'Key, the value of the Dagster partition dimension source.';
comment on column sources.label is 'Name for people.';
comment on column sources.adapter is 'Adapter that reads it.';
comment on column sources.timezone is 'IANA zone that decides the source''s local date.';
comment on column sources.settings is 'Adapter settings, without secrets.';
comment on column sources.retired is 'True when nothing is fetched from it any more.';
comment on column sources.created_at is 'When this source was first declared here.';

create table error_classes (
  error_class text primary key,
  is_retryable boolean not null,
  meaning text not null
);
comment on table error_classes is 'Classes of failure; only retryable ones are tried again.';
comment on column error_classes.error_class is 'Name.';
comment on column error_classes.is_retryable is 'True when the same call may succeed later.';
comment on column error_classes.meaning is 'What it means, for people.';
insert into error_classes values
  ('network', true, 'the connection failed'),
  ('timeout', true, 'the call took longer than the conversation allows'),
  ('rate_limited', true, 'the server asked to slow down'),
  ('server_error', true, 'the server failed (5xx)'),
  ('lease_expired', true, 'the worker stopped before the call ended'),
  ('invalid_input', false, 'an input is missing, blank or of another posting'),
  ('schema', false, 'the answer is not in the declared form'),
  ('undeclared_branch', false, 'the answer names a branch that is not declared'),
  ('auth', false, 'the server refused the credentials'),
  ('client_error', false, 'the server refused the request (4xx)'),
  ('feed_unreadable', false, 'the feed is missing or not in its declared form'),
  ('not_refetchable', false, 'the listing of that date cannot be had any more'),
  ('unexpected', false, 'anything else');
