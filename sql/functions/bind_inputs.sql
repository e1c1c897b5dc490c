-- Binds every declared input of owed nodes to the interaction or content version that counts now, and
-- checks it before anything is called: a missing or blank input refuses the call, and is named.
--
-- A model sees title, company and description of the posting and nothing else of it, so the hash that
-- decides reuse is taken over exactly these; a script may read the whole row, so over the whole content.
--
-- The inputs of a node are aggregated where they are looked up, in the order of the handles (which is that
-- of the index), so that nothing is sorted.
create or replace function bind_inputs(p_step step, p_nodes node_key[]) returns claim[]
language sql volatile
as $$
  select array(
    select (
      nextval('interactions_interaction_id_seq'), nextval('fences'), n.workflow_run_id, n.conversation_id, n.round,
      n.posting_id, n.partition_key, (n.attempt + 1)::smallint, coalesce(n.owed_since, clock_timestamp()),
      b.inputs_key, b.handles, b.kinds, b.producers, b.input, coalesce(b.input_hash, (p_step).digest),
      null, null, null, case when b.problem is not null then 'invalid_input' end, b.problem)::claim
    from unnest(p_nodes) t
    cross join lateral (
      select n.* from run_node_state n
      where n.workflow_run_id = t.workflow_run_id and n.conversation_id = t.conversation_id and n.round = t.round
      offset 0
    ) n
    cross join lateral (
      select p.current_version_id from postings p where p.posting_id = n.posting_id offset 0
    ) p
    cross join lateral (
      select
        md5(string_agg(handle || '=' || kind || producer_id, ' '))::uuid as inputs_key,
        array_agg(handle) filter (where producer_id is not null) as handles,
        array_agg(kind) filter (where producer_id is not null) as kinds,
        array_agg(producer_id) filter (where producer_id is not null) as producers,
        jsonb_object_agg(handle, case (p_step).actor_type
          when 'script' then jsonb_build_object(
            case kind when 'c' then 'posting_version_id' else 'interaction_id' end, producer_id, 'field', field)
          else value
        end) filter (where is_bound or (p_step).actor_type = 'script') as input,
        sha256((p_step).digest || string_agg(convert_to(handle, 'UTF8') || value_hash, ''::bytea)
          filter (where is_bound and value_hash is not null)) as input_hash,
        string_agg('input ' || handle || ' (' || case kind when 'c' then 'content version ' else 'interaction ' end
          || coalesce(producer_id::text, 'none') || ') ' || fault, '; ') filter (where fault is not null) as problem
      from (
        select v.*,
          case
            when v.value is null or v.value = 'null' then 'is missing'
            when exists (select from (select v.value -> unnest(v.required_keys) as one) k where is_blank(k.one)) then 'is blank in '
              || (select string_agg(k, ', ') from unnest(v.required_keys) k where is_blank(v.value -> k))
          end as fault
        from (
          select i.handle, left(i.producer_kind, 1) as kind, i.field, i.is_bound, i.required_keys,
            coalesce(c.posting_version_id, q.interaction_id) as producer_id,
            case
              when c.posting_version_id is not null then
                jsonb_build_object('title', c.title, 'company', c.company, 'description', c.description)
              when i.field is null then q.output
              else q.output -> i.field
            end as value,
            case
              when c.posting_version_id is not null and (p_step).actor_type = 'script' then c.content_hash
              when c.posting_version_id is not null then c.prompt_hash
              when i.field is null then q.output_hash
              else sha256(convert_to((q.output -> i.field)::text, 'UTF8'))
            end as value_hash
          from conversation_inputs i
          left join lateral (
            select v.* from posting_versions v where v.posting_version_id = p.current_version_id offset 0
          ) c on i.producer_kind = 'content'
          left join lateral (
            select q.interaction_id, q.output, q.output_hash
            from run_node_state m
            cross join lateral (select q.* from interactions q where q.interaction_id = m.interaction_id offset 0) q
            where m.workflow_run_id = n.workflow_run_id and m.conversation_id = i.producer_conversation_id
              and m.round = i.producer_round and m.status = 'completed'
            offset 0
          ) q on true
          where i.workflow_id = (p_step).workflow_id and i.conversation_id = n.conversation_id and i.round = n.round
            and i.alternative = n.alternative
          order by i.handle
          offset 0
        ) v
        offset 0
      ) w
      having count(*) > 0
    ) b
    where n.status = 'scheduled' and (n.next_retry_at is null or n.next_retry_at <= clock_timestamp()))
$$;
comment on function bind_inputs(step, node_key[]) is 'Owed nodes with their inputs bound, hashed and checked.';
