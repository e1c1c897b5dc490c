-- Binds every declared input of owed nodes to the interaction or content version that counts now, and
-- checks it before anything is called: a missing or blank input is named in "problem".
--
-- A model sees title, company and description of the posting and nothing else of it, so the hash that
-- decides reuse is taken over exactly these; a script may read the whole row, so over the whole content.
create or replace function bind_inputs(p_step step, p_runs bigint[]) returns claim[]
language sql stable
as $$
  with bound as (
    select n.workflow_run_id, n.round, n.posting_id, n.partition_key, n.owed_since, n.attempt, n.inputs_key as counted_key,
      i.handle, i.producer_kind, i.field, i.is_bound, i.required_keys,
      case i.producer_kind when 'content' then p.current_version_id else q.interaction_id end as producer_id,
      case
        when i.producer_kind = 'content' then
          jsonb_build_object('title', v.title, 'company', v.company, 'description', v.description)
        when not i.is_bound then q.output
        when i.field is null then q.output
        else q.output -> i.field
      end as value,
      case
        when i.producer_kind = 'content' then case p_step.actor_type when 'script' then v.content_hash else v.prompt_hash end
        when i.field is null then q.output_hash
        else sha256(convert_to((q.output -> i.field)::text, 'UTF8'))
      end as value_hash
    from run_node_state n
    join conversation_inputs i
      on i.workflow_id = p_step.workflow_id and i.conversation_id = n.conversation_id and i.round = n.round
      and i.alternative = n.alternative
    join postings p on p.posting_id = n.posting_id
    left join posting_versions v on i.producer_kind = 'content' and v.posting_version_id = p.current_version_id
    left join run_node_state m
      on m.workflow_run_id = n.workflow_run_id and m.conversation_id = i.producer_conversation_id
      and m.round = i.producer_round and m.status = 'completed'
    left join interactions q on q.interaction_id = m.interaction_id
    where n.workflow_run_id = any (p_runs) and n.conversation_id = p_step.conversation_id and n.status = 'scheduled'
      and (n.next_retry_at is null or n.next_retry_at <= clock_timestamp())
  ), checked as (
    select b.*,
      case
        when value is null or value = 'null' then 'is missing'
        when exists (select from unnest(required_keys) k where is_blank(value -> k)) then 'is blank in '
          || (select string_agg(k, ', ') from unnest(required_keys) k where is_blank(value -> k))
      end as fault
    from bound b
  ), nodes as (
    select workflow_run_id, round, posting_id, partition_key, owed_since, attempt, counted_key,
      md5(string_agg(handle || '=' || left(producer_kind, 1) || producer_id, ' ' order by handle))::uuid as inputs_key,
      case p_step.actor_type
        when 'script' then jsonb_object_agg(handle, jsonb_build_object(
          case producer_kind when 'content' then 'posting_version_id' else 'interaction_id' end, producer_id,
          'field', field))
        else jsonb_object_agg(handle, value) filter (where is_bound)
      end as input,
      sha256(p_step.digest || string_agg(convert_to(handle, 'UTF8') || value_hash, ''::bytea order by handle)
        filter (where is_bound and value_hash is not null)) as input_hash,
      string_agg('input ' || handle || ' (' || case producer_kind when 'content' then 'content version ' else 'interaction ' end
        || coalesce(producer_id::text, 'none') || ') ' || fault, '; ' order by handle) as problem
    from checked
    group by workflow_run_id, round, posting_id, partition_key, owed_since, attempt, counted_key
  )
  select array_agg((
    nextval(pg_get_serial_sequence('interactions', 'interaction_id')), nextval('fences'), workflow_run_id, posting_id,
    partition_key, round, (attempt + 1)::smallint, coalesce(owed_since, clock_timestamp()), inputs_key, input,
    coalesce(input_hash, p_step.digest), problem, null, false
  )::claim order by workflow_run_id)
  from nodes
$$;
comment on function bind_inputs(step, bigint[]) is 'Owed nodes of the given runs with their inputs bound, hashed and checked.';
