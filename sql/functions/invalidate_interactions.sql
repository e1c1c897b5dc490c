-- Records one invalidation per reason and marks what falls with the given interactions, which are marked
-- already. A row whose input is among them is no cause of its own. Returns every row that was marked here.
create or replace function invalidate_interactions(p_marked bigint[]) returns bigint[]
language plpgsql volatile
as $$
declare
  v_reason record;
  v_fallen bigint[];
  v_all bigint[] := '{}';
begin
  for v_reason in
    select i.invalidation_reason as reason, min(i.invalidated_by) as marked_by, array_agg(i.interaction_id order by i.interaction_id) as ids,
      array_agg(i.interaction_id order by i.interaction_id) filter (where not exists (
        select from interaction_inputs e
        where e.interaction_id = i.interaction_id and e.input_interaction_id = any (p_marked))) as causes
    from interactions i
    where i.interaction_id = any (p_marked)
    group by i.invalidation_reason
    order by min(i.interaction_id)
  loop
    v_fallen := mark_fallen(v_reason.ids, v_reason.causes, v_reason.reason);
    v_all := v_all || v_fallen;
    with act as (
      insert into invalidations (reason, invalidated_by, selector, counts)
      values (v_reason.reason, v_reason.marked_by, jsonb_build_object('interactions', cardinality(v_reason.causes)),
        jsonb_build_object('marked', cardinality(v_reason.ids), 'fallen', cardinality(v_fallen)))
      returning invalidation_id
    )
    insert into invalidation_hits (invalidation_id, interaction_id, is_cause)
    select act.invalidation_id, h.interaction_id, h.interaction_id = any (v_reason.causes)
    from act, unnest(v_reason.ids || v_fallen) h (interaction_id);
  end loop;
  return v_all;
end
$$;
comment on function invalidate_interactions(bigint[]) is 'Records why interactions were marked and marks what depended on them; returns the latter.';
