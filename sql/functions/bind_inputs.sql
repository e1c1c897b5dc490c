-- Binds every declared input of owed nodes to the interaction or content version that counts now, and
-- checks it before anything is called: a missing or blank input refuses the call, and is named.
--
-- A model sees title, company and description of the posting and nothing else of it, so the hash that
-- decides reuse is taken over exactly these; a script may read the whole row, so over the whole content.
create or replace function bind_inputs(p_step step, p_nodes node_key[]) returns claim[]
language sql volatile
as $$
  with bound as (
    select n.workflow_run_id, n.conversation_id, n.round, n.posting_id, n.partition_key, n.owed_since, n.attempt,
      i.handle, left(i.producer_kind, 1) as kind, i.field, i.is_bound, i.required_keys,
      case i.producer_kind when 'content' then p.current_version_id else q.interaction_id end as producer_id,
      case
        when i.producer_kind = 'content' then
          jsonb_build_object('title', v.title, 'company', v.company, 'description', v.description)
        when i.field is null then q.output
        else q.output -> i.field
      end as value,
      case
        when i.producer_kind = 'content' and (p_step).actor_type = 'script' then v.content_hash
        when i.producer_kind = 'content' then v.prompt_hash
        when i.field is null then q.output_hash
        else sha256(convert_to((q.output -> i.field)::text, 'UTF8'))
      end as value_hash
    from unnest(p_nodes) t
    cross join lateral (
      select n.* from run_node_state n
      where n.workflow_run_id = t.workflow_run_id and n.conversation_id = t.conversation_id and n.round = t.round
      offset 0
    ) n
    join postings p on p.posting_id = n.posting_id
    join conversation_inputs i
      on i.workflow_id = (p_step).workflow_id and i.conversation_id = n.conversation_id and i.round = n.round
      and i.alternative = n.alternative
    left join posting_versions v on v.posting_version_id = case i.producer_kind when 'content' then p.current_version_id end
    left join run_node_state m
      on m.workflow_run_id = n.workflow_run_id and m.conversation_id = i.producer_conversation_id
      and m.round = i.producer_round and m.status = 'completed'
    left join interactions q on q.interaction_id = m.interaction_id
    where n.status = 'scheduled' and (n.next_retry_at is null or n.next_retry_at <= clock_timestamp())
  ), checked as (
    select b.*,
      case
        when value is null or value = 'null' then 'is missing'
        when required_keys <> '{}' and exists (select from unnest(required_keys) k where is_blank(value -> k)) then 'is blank in '
          || (select string_agg(k, ', ') from unnest(required_keys) k where is_blank(value -> k))
      end as fault
    from bound b
  ), nodes as (
    select workflow_run_id, conversation_id, round, posting_id, partition_key, owed_since, attempt,
      md5(string_agg(handle || '=' || kind || producer_id, ' ' order by handle))::uuid as inputs_key,
      array_agg(handle order by handle) filter (where producer_id is not null) as handles,
      array_agg(kind order by handle) filter (where producer_id is not null) as kinds,
      array_agg(producer_id order by handle) filter (where producer_id is not null) as producers,
      case (p_step).actor_type
        when 'script' then jsonb_object_agg(handle, jsonb_build_object(
          case kind when 'c' then 'posting_version_id' else 'interaction_id' end, producer_id, 'field', field))
        else jsonb_object_agg(handle, value) filter (where is_bound)
      end as input,
      sha256((p_step).digest || string_agg(convert_to(handle, 'UTF8') || value_hash, ''::bytea order by handle)
        filter (where is_bound and value_hash is not null)) as input_hash,
      string_agg('input ' || handle || ' (' || case kind when 'c' then 'content version ' else 'interaction ' end
        || coalesce(producer_id::text, 'none') || ') ' || fault, '; ' order by handle) as problem
    from checked
    group by workflow_run_id, conversation_id, round, posting_id, partition_key, owed_since, attempt
  )
  select array(
    select (
      nextval('interactions_interaction_id_seq'), nextval('fences'), workflow_run_id, conversation_id, round, posting_id,
      partition_key, (attempt + 1)::smallint, coalesce(owed_since, clock_timestamp()),
      inputs_key, handles, kinds, producers, input, coalesce(input_hash, (p_step).digest),
      null, null, null, case when problem is not null then 'invalid_input' end, problem)::claim
    from nodes
    order by workflow_run_id)
$$;
comment on function bind_inputs(step, node_key[]) is 'Owed nodes with their inputs bound, hashed and checked.';
