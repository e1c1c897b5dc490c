-- The ledger: interactions, their inputs and messages. Nothing in it is ever deleted or rewritten.

create table postings (
  posting_id bigint generated always as identity primary key,
  source_id text not null references sources,
  external_id text not null,
  current_version_id bigint,
  status text not null default 'active'
    constraint posting_status_is_known
    check (status in ('active', 'gone', 'no_description', 'too_short', 'rejected', 'invalidated', 'erased')),
  invalidated boolean generated always as (status = 'invalidated') stored,
  first_seen_on date,
  last_seen_on date,
  extracted_summary text,
  extracted_summary_interaction_id bigint,
  extracted_summary_stale_since timestamptz,
  skill_keywords text[],
  skill_keywords_interaction_id bigint,
  skill_keywords_stale_since timestamptz,
  ihl_score smallint,
  ihl_category text,
  ihl_interaction_id bigint,
  ihl_stale_since timestamptz,
  created_at timestamptz not null default now(),
  constraint one_posting_per_source_and_external_id unique (source_id, external_id),
  constraint a_published_summary_names_its_interaction
    check ((extracted_summary is null) = (extracted_summary_interaction_id is null)),
  constraint published_skills_name_their_interaction
    check ((skill_keywords is null) = (skill_keywords_interaction_id is null)),
  constraint a_published_ihl_names_its_interaction
    check ((ihl_score is null) = (ihl_interaction_id is null) and (ihl_category is null) = (ihl_interaction_id is null)),
  constraint ihl_score_is_from_0_to_100 check (ihl_score between 0 and 100),
  constraint ihl_category_is_the_band_of_the_score check (
    ihl_category = case
      when ihl_score < 40 then 'GENUINE'
      when ihl_score < 70 then 'BORDERLINE'
      when ihl_score < 100 then 'COMPLIANCE_THEATER'
      else 'FAKE'
    end),
  constraint only_what_is_published_can_be_stale check (
    (extracted_summary_stale_since is null or extracted_summary is not null)
    and (skill_keywords_stale_since is null or skill_keywords is not null)
    and (ihl_stale_since is null or ihl_score is not null)),
  constraint a_posting_without_usable_content_publishes_nothing check (
    status in ('active', 'gone')
    or (extracted_summary is null and skill_keywords is null and ihl_score is null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index postings_with_status on postings (posting_id, status, source_id);
comment on table postings is 'One job of one source: identity, current content, and what is published about it.';
comment on column postings.posting_id is 'Key.';
comment on column postings.source_id is 'The source.';
comment on column postings.external_id is 'Job id as the source gives it.';
comment on column postings.current_version_id is 'Content version of the newest supported sighting; null when none is left.';
comment on column postings.status is 'active, gone, no_description, too_short, rejected, invalidated or erased.';
comment on column postings.invalidated is 'Generated from status, so that the two cannot disagree.';
comment on column postings.first_seen_on is 'Partition date of the oldest supported sighting.';
comment on column postings.last_seen_on is 'Partition date of the newest supported sighting.';
comment on column postings.extracted_summary is 'Published summary, markdown.';
comment on column postings.extracted_summary_interaction_id is 'save_summary interaction that set it.';
comment on column postings.extracted_summary_stale_since is 'Set while newer content waits for its own summary.';
comment on column postings.skill_keywords is 'Published skill names, heaviest first.';
comment on column postings.skill_keywords_interaction_id is 'save_skills interaction that set them.';
comment on column postings.skill_keywords_stale_since is 'Set while newer content waits for its own skills.';
comment on column postings.ihl_score is 'Published internal hire likelihood, 0 to 100.';
comment on column postings.ihl_category is 'GENUINE 0-39, BORDERLINE 40-69, COMPLIANCE_THEATER 70-99, FAKE 100.';
comment on column postings.ihl_interaction_id is 'save_ihl interaction that set score and category.';
comment on column postings.ihl_stale_since is 'Set while newer content waits for its own score.';
comment on column postings.created_at is 'When the posting was first promoted.';

create table posting_versions (
  posting_version_id bigint generated always as identity primary key,
  posting_id bigint not null references postings,
  content_hash bytea not null,
  prompt_hash bytea not null,
  title text not null,
  company text not null,
  locations text[] not null,
  description text,
  url text,
  posted_on date,
  created_at timestamptz not null default now(),
  constraint one_version_per_posting_and_content unique (posting_id, content_hash),
  constraint a_version_is_known_with_its_posting unique (posting_version_id, posting_id)
);
comment on table posting_versions is 'Cleaned contents that a posting ever had.';
comment on column posting_versions.posting_version_id is 'Key.';
comment on column posting_versions.posting_id is 'The posting.';
comment on column posting_versions.content_hash is 'SHA-256 over title, company, locations and description.';
comment on column posting_versions.prompt_hash is 'SHA-256 over title, company and description: all that a model ever sees.';
comment on column posting_versions.title is 'Cleaned title.';
comment on column posting_versions.company is 'Cleaned company name.';
comment on column posting_versions.locations is 'Cleaned locations as the board has them.';
comment on column posting_versions.description is 'Cleaned description; null where the source gave none.';
comment on column posting_versions.url is 'Address of the posting, not part of the content.';
comment on column posting_versions.posted_on is 'Date of posting as the source says, not part of the content.';
comment on column posting_versions.created_at is 'When this content was first promoted.';

alter table postings add constraint the_current_version_is_of_the_same_posting
  foreign key (current_version_id, posting_id) references posting_versions (posting_version_id, posting_id);

create table workflow_runs (
  workflow_run_id bigint generated always as identity primary key,
  workflow_id integer not null references workflows,
  posting_id bigint references postings,
  partition_key text collate "C" not null,
  created_at timestamptz not null default now(),
  constraint one_run_per_posting_and_workflow unique (posting_id, workflow_id),
  constraint a_run_is_known_with_its_posting unique (workflow_run_id, posting_id)
) with (fillfactor = 80);
create unique index one_fetch_run_per_partition
  on workflow_runs (workflow_id, partition_key) where posting_id is null;
create index workflow_runs_by_partition on workflow_runs (partition_key) where posting_id is not null;
comment on table workflow_runs is 'One run per posting and workflow, one per partition for the fetch; its status is derived from its nodes.';
comment on column workflow_runs.workflow_run_id is 'Key; its row lock is what every change to the run''s nodes takes first.';
comment on column workflow_runs.workflow_id is 'The workflow.';
comment on column workflow_runs.posting_id is 'The posting; null for a fetch.';
comment on column workflow_runs.partition_key is 'date|source of the oldest supported sighting of the current content: where its work is done.';
comment on column workflow_runs.created_at is 'When the run was made.';

create table interactions (
  interaction_id bigint generated always as identity primary key,
  workflow_run_id bigint not null,
  posting_id bigint,
  conversation_id integer not null,
  conversation_version integer not null,
  actor_id integer not null,
  actor_type text not null,
  model text not null,
  execution_order integer not null,
  round smallint not null,
  attempt smallint not null,
  status text not null
    constraint interaction_status_is_known
    check (status in ('running', 'completed', 'failed', 'suspended', 'superseded')),
  inputs_key uuid not null,
  input jsonb,
  input_hash bytea not null,
  output jsonb,
  output_hash bytea,
  branch text,
  enabled boolean not null default true,
  invalidated boolean not null default false,
  invalidation_reason text,
  invalidated_at timestamptz,
  invalidated_by text,
  reused_from bigint,
  error_class text,
  error_message text,
  retry_count smallint not null default 0,
  fence bigint not null,
  correlation_id text not null,
  dagster_run_id text collate "C",
  partition_key text collate "C" not null,
  created_at timestamptz not null default now(),
  queued_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  duration_ms integer generated always as
    ((extract(epoch from completed_at - started_at) * 1000)::integer) stored,
  tokens_in integer,
  tokens_out integer,
  constraint an_interaction_has_ended_when_it_has_an_end
    check ((status in ('completed', 'failed', 'superseded')) = (completed_at is not null)),
  constraint a_completed_interaction_has_output_and_branch
    check (status <> 'completed' or (output is not null and output_hash is not null and branch is not null)),
  constraint a_failed_interaction_has_an_error_class check (status <> 'failed' or error_class is not null),
  constraint an_interaction_ends_after_it_started check (completed_at >= started_at),
  constraint an_invalidated_interaction_has_a_reason
    check (not invalidated or (invalidation_reason ~ '\S' and invalidated_at is not null and invalidated_by is not null))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
-- Compressing what was sent took a sixth of the engine's time (pglz); out of line, it is not copied either when
-- the answer is written.
alter table interactions alter input set storage external, alter output set storage external;
create index interactions_by_posting_and_conversation on interactions (posting_id, conversation_id);
create unique index one_live_attempt_per_node
  on interactions (workflow_run_id, conversation_id, round) where status in ('running', 'suspended');
create unique index one_live_call_per_identical_input
  on interactions (conversation_id, input_hash)
  where status = 'running' and reused_from is null and actor_type = 'ai_model';
create index interactions_by_reuse on interactions (reused_from) where reused_from is not null;
create index interactions_by_input_hash
  on interactions (conversation_id, input_hash)
  where status = 'completed' and reused_from is null and actor_type <> 'script';
create index interactions_by_dagster_run on interactions (dagster_run_id) where dagster_run_id is not null;
create index fetches_by_run on interactions (workflow_run_id) where posting_id is null;
comment on table interactions is 'One attempt of one conversation for one posting (for a fetch, one partition). Never deleted, never rewritten once it has ended.';
comment on column interactions.interaction_id is 'Key; order is by this sequence, never by time.';
comment on column interactions.workflow_run_id is 'The run.';
comment on column interactions.posting_id is 'The posting; null for a fetch.';
comment on column interactions.conversation_id is 'The step.';
comment on column interactions.conversation_version is 'Version of prompt or script that was used.';
comment on column interactions.actor_id is 'Who did it.';
comment on column interactions.actor_type is 'script, ai_model or human, as it was then.';
comment on column interactions.model is 'Model, script name or human role, as it was then.';
comment on column interactions.execution_order is 'Execution order of the step, as it was then.';
comment on column interactions.round is 'Round of the improve loop, 0 outside it.';
comment on column interactions.attempt is 'Counted from 1 among the attempts that answer the same messages.';
comment on column interactions.status is 'running, completed, failed, suspended or superseded.';
comment on column interactions.inputs_key is 'Digest of exactly which messages were consumed, derived from interaction_inputs.';
comment on column interactions.input is 'What was really sent to the actor; a script gets references, its values are read by SQL.';
comment on column interactions.input_hash is 'SHA-256 over the bound inputs byte for byte, prompt version and actor.';
comment on column interactions.output is 'What the actor answered.';
comment on column interactions.output_hash is 'SHA-256 of the output''s text.';
comment on column interactions.branch is 'Declared branch label that was answered.';
comment on column interactions.enabled is 'False withdraws without redoing.';
comment on column interactions.invalidated is 'True exactly while some invalidation that hits the row is not reinstated.';
comment on column interactions.invalidation_reason is 'Why; required when invalidated.';
comment on column interactions.invalidated_at is 'When.';
comment on column interactions.invalidated_by is 'By whom.';
comment on column interactions.reused_from is 'The call whose result this interaction shares; not an edge.';
comment on column interactions.error_class is 'Class of the failure, for example invalid_input, schema, timeout.';
comment on column interactions.error_message is 'One sentence: what went wrong.';
comment on column interactions.retry_count is 'Attempts before this one that answered the same messages.';
comment on column interactions.fence is 'Number of the claim; a later claim has a higher one.';
comment on column interactions.correlation_id is 'workflow_{id}_posting_{id}; attempts of one fetch share one.';
comment on column interactions.dagster_run_id is 'Dagster run in which it was done.';
comment on column interactions.partition_key is 'Partition in which it was done.';
comment on column interactions.created_at is 'When it was claimed.';
comment on column interactions.queued_at is 'When the node was owed.';
comment on column interactions.started_at is 'When the call began.';
comment on column interactions.completed_at is 'When it ended.';
comment on column interactions.duration_ms is 'Milliseconds from start to end.';
comment on column interactions.tokens_in is 'Prompt tokens, where counted.';
comment on column interactions.tokens_out is 'Answer tokens, where counted.';

create table run_inbox_messages (
  message_id text collate "C" not null,
  workflow_run_id bigint not null,
  conversation_id integer not null,
  round smallint not null,
  handle text collate "C" not null,
  msg_seq bigint not null,
  producer_interaction_id bigint,
  producer_version_id bigint,
  producer_input_id text,
  created_at timestamptz not null default now(),
  consumed_at timestamptz,
  constraint one_message_per_node_and_id primary key (workflow_run_id, conversation_id, round, message_id),
  constraint a_message_has_one_producer
    check (num_nonnulls(producer_interaction_id, producer_version_id, producer_input_id) = 1)
) with (fillfactor = 85);
comment on table run_inbox_messages is 'One result delivered to one input of one later step: a reference, no payload.';
comment on column run_inbox_messages.message_id is 'Deterministic: first 16 hex digits of SHA-256 over run, node, handle and sequence.';
comment on column run_inbox_messages.workflow_run_id is 'Run of the reading node.';
comment on column run_inbox_messages.conversation_id is 'Conversation of the reading node.';
comment on column run_inbox_messages.round is 'Round of the reading node.';
comment on column run_inbox_messages.handle is 'Input of the reading node.';
comment on column run_inbox_messages.msg_seq is 'Grows within a handle; between steps it is the producer''s id.';
comment on column run_inbox_messages.producer_interaction_id is 'Interaction whose output it refers to.';
comment on column run_inbox_messages.producer_version_id is 'Content version that it refers to.';
comment on column run_inbox_messages.producer_input_id is 'Trigger input that it refers to.';
comment on column run_inbox_messages.created_at is 'When it was delivered.';
comment on column run_inbox_messages.consumed_at is 'First consumption; decides nothing.';

create table interaction_inputs (
  interaction_id bigint not null,
  handle text collate "C" not null,
  message_id text collate "C" not null,
  posting_id bigint,
  input_interaction_id bigint,
  posting_version_id bigint,
  trigger_input_id text,
  primary key (interaction_id, handle),
  constraint an_edge_has_one_source
    check (num_nonnulls(input_interaction_id, posting_version_id, trigger_input_id) = 1)
);
create index interaction_inputs_by_interaction on interaction_inputs (input_interaction_id) where input_interaction_id is not null;
create index interaction_inputs_by_version on interaction_inputs (posting_version_id) where posting_version_id is not null;
comment on table interaction_inputs is 'Edges: what an interaction consumed, written in the transaction that claims it. It alone is lineage.';
comment on column interaction_inputs.interaction_id is 'The interaction that read.';
comment on column interaction_inputs.handle is 'Which of its inputs.';
comment on column interaction_inputs.message_id is 'The message that was consumed.';
comment on column interaction_inputs.posting_id is 'The posting of both ends.';
comment on column interaction_inputs.input_interaction_id is 'The interaction that was read.';
comment on column interaction_inputs.posting_version_id is 'The content version that was read.';
comment on column interaction_inputs.trigger_input_id is 'The trigger input that was read.';

create table trigger_inputs (
  workflow_run_id bigint not null references workflow_runs,
  conversation_id integer not null references conversations,
  round smallint not null,
  input_id text not null,
  input_seq bigint generated always as identity,
  payload jsonb not null,
  delivered_by text not null,
  delivered_at timestamptz not null default now(),
  processed_at timestamptz,
  constraint one_trigger_input_per_node_and_id primary key (workflow_run_id, conversation_id, round, input_id)
);
comment on table trigger_inputs is 'Inputs from outside: a feed for a fetch, an answer to a ticket.';
comment on column trigger_inputs.workflow_run_id is 'Run of the target node.';
comment on column trigger_inputs.conversation_id is 'Conversation of the target node.';
comment on column trigger_inputs.round is 'Round of the target node.';
comment on column trigger_inputs.input_id is 'Id given by the sender; unique per target node.';
comment on column trigger_inputs.input_seq is 'Order of delivery.';
comment on column trigger_inputs.payload is 'What was delivered.';
comment on column trigger_inputs.delivered_by is 'Who delivered it.';
comment on column trigger_inputs.delivered_at is 'When.';
comment on column trigger_inputs.processed_at is 'When the target node consumed it.';

create table late_answers (
  interaction_id bigint not null references interactions,
  fence bigint not null,
  output jsonb not null,
  arrived_at timestamptz not null default clock_timestamp(),
  primary key (interaction_id, fence)
);
comment on table late_answers is 'Answers that came after their claim was taken over: evidence, never counted.';
comment on column late_answers.interaction_id is 'The interaction that they were for.';
comment on column late_answers.fence is 'Fence of the claim that had been lost.';
comment on column late_answers.output is 'The answer.';
comment on column late_answers.arrived_at is 'When it arrived.';
