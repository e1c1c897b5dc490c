-- State: the one materialised projection, maintained in the transaction that changes it.

create table node_statuses (
  status text primary key,
  meaning text not null
);
comment on table node_statuses is 'The states a node can be in.';
comment on column node_statuses.status is 'Name.';
comment on column node_statuses.meaning is 'What it means, for people.';
insert into node_statuses values
  ('idle', 'waits for inputs'),
  ('scheduled', 'owed: has what it needs and no current interaction'),
  ('running', 'a claim is live'),
  ('suspended', 'waits for a person'),
  ('completed', 'has a current interaction'),
  ('failed', 'failed for good, or its attempts are used up'),
  ('paused', 'its newest answer is disabled');

create table node_transitions (
  from_status text not null references node_statuses,
  to_status text not null references node_statuses,
  primary key (from_status, to_status)
);
comment on table node_transitions is 'Declared transitions of a node; any other raises.';
comment on column node_transitions.from_status is 'Before.';
comment on column node_transitions.to_status is 'After.';
insert into node_transitions values
  ('idle', 'scheduled'), ('idle', 'completed'), ('idle', 'paused'), ('idle', 'failed'), ('idle', 'suspended'), ('idle', 'running'),
  ('scheduled', 'running'), ('scheduled', 'suspended'), ('scheduled', 'completed'), ('scheduled', 'failed'), ('scheduled', 'idle'), ('scheduled', 'paused'),
  ('running', 'completed'), ('running', 'failed'), ('running', 'scheduled'), ('running', 'suspended'), ('running', 'idle'), ('running', 'paused'),
  ('suspended', 'completed'), ('suspended', 'scheduled'), ('suspended', 'idle'), ('suspended', 'failed'), ('suspended', 'paused'),
  ('completed', 'scheduled'), ('completed', 'idle'), ('completed', 'paused'), ('completed', 'running'), ('completed', 'failed'), ('completed', 'suspended'),
  ('failed', 'scheduled'), ('failed', 'idle'), ('failed', 'completed'), ('failed', 'paused'), ('failed', 'suspended'), ('failed', 'running'),
  ('paused', 'scheduled'), ('paused', 'idle'), ('paused', 'completed'), ('paused', 'failed'), ('paused', 'suspended'), ('paused', 'running');

create sequence fences as bigint;
comment on sequence fences is 'Number of each claim; a later claim has a higher one.';

create table run_node_state (
  workflow_run_id bigint not null,
  conversation_id integer not null,
  round smallint not null,
  posting_id bigint,
  partition_key text collate "C" not null,
  status text not null
    constraint node_status_is_known
    check (status in ('idle', 'scheduled', 'running', 'suspended', 'completed', 'failed', 'paused')),
  alternative smallint,
  inputs_key uuid,
  attempt smallint not null default 0,
  interaction_id bigint,
  branch text,
  fence bigint not null default 0,
  lease_owner text,
  lease_expires_at timestamptz,
  next_retry_at timestamptz,
  owed_since timestamptz,
  suspension_reason text,
  suspension_deadline timestamptz,
  updated_at timestamptz not null default now(),
  constraint one_state_per_node primary key (workflow_run_id, conversation_id, round),
  constraint a_completed_node_has_an_interaction_and_a_branch
    check (status <> 'completed' or (interaction_id is not null and branch is not null)),
  constraint a_node_that_is_owed_or_done_has_its_inputs
    check (status in ('idle', 'running', 'paused') or inputs_key is not null),
  constraint a_leased_node_has_an_owner check ((lease_owner is null) = (lease_expires_at is null))
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.05);
create index nodes_owed on run_node_state (partition_key, conversation_id, workflow_run_id) where status = 'scheduled';
create index nodes_leased on run_node_state (lease_expires_at) where lease_expires_at is not null;
create index nodes_by_partition on run_node_state (partition_key, conversation_id, round, status);
comment on table run_node_state is 'What state every node is in; an absent row is idle. Rebuilt from the ledger at any time.';
comment on column run_node_state.workflow_run_id is 'The run.';
comment on column run_node_state.conversation_id is 'The conversation.';
comment on column run_node_state.round is 'Round of the improve loop, 0 outside it.';
comment on column run_node_state.posting_id is 'The posting; null for a fetch.';
comment on column run_node_state.partition_key is 'Partition in which its work is done.';
comment on column run_node_state.status is 'One of node_statuses.';
comment on column run_node_state.alternative is 'Which declared set of inputs is satisfied.';
comment on column run_node_state.inputs_key is 'Digest of the counting messages; null while it does not have what it needs.';
comment on column run_node_state.attempt is 'Attempts that answered the counting messages.';
comment on column run_node_state.interaction_id is 'Current interaction when completed, else the newest attempt that answered.';
comment on column run_node_state.branch is 'Branch of the current interaction.';
comment on column run_node_state.fence is 'Number of the latest claim; writes with a lower one are refused.';
comment on column run_node_state.lease_owner is 'Worker that holds the claim.';
comment on column run_node_state.lease_expires_at is 'When the claim expires, by the database''s clock.';
comment on column run_node_state.next_retry_at is 'Not claimable before, by the database''s clock.';
comment on column run_node_state.owed_since is 'When it became owed.';
comment on column run_node_state.suspension_reason is 'Why it waits for a person.';
comment on column run_node_state.suspension_deadline is 'Shown when overdue, never acted on.';
comment on column run_node_state.updated_at is 'When the row last changed.';

-- Rows that engine functions hand to each other.
create type node_key as (workflow_run_id bigint, conversation_id integer, round smallint);
comment on type node_key is 'One node.';

create type claim as (
  interaction_id bigint, fence bigint, workflow_run_id bigint, conversation_id integer, round smallint,
  posting_id bigint, partition_key text, attempt smallint, queued_at timestamptz,
  inputs_key uuid, handles text[], kinds text[], producers bigint[], input jsonb, input_hash bytea,
  reused_from bigint, output jsonb, branch text, error_class text, error_message text
);
comment on type claim is 'One claimed node with its bound inputs, on its way to becoming an interaction; with an output it is born completed, with an error class born failed.';

create type completion as (
  interaction_id bigint, fence bigint, workflow_run_id bigint, conversation_id integer, round smallint,
  posting_id bigint, attempt smallint, inputs_key uuid, output jsonb, branch text, tokens_in integer, tokens_out integer, seconds double precision
);
comment on type completion is 'One answer on its way into the ledger.';

create type step as (
  workflow_id integer, conversation_id integer, version integer, actor_id integer, actor_type text, model text,
  execution_order integer, script_function text, publishes text, digest bytea
);
comment on type step is 'One conversation with the actor and version that new work of it uses.';
