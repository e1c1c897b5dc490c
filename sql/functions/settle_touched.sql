-- Derives anew whatever rests on interactions whose flags changed: contents of fetched postings first, then
-- the nodes of their runs and what they publish.
create or replace function settle_touched(p_interactions bigint[]) returns void
language plpgsql volatile
as $$
declare
  v_runs bigint[];
  v_postings bigint[];
  v_fetch record;
begin
  v_runs := array(
    select distinct i.workflow_run_id from interactions i where i.interaction_id = any (p_interactions) and i.posting_id is not null);
  v_postings := array(
    select distinct s.posting_id from sightings s
    join interactions i on i.interaction_id = s.fetch_interaction_id
    where i.interaction_id = any (p_interactions) and i.posting_id is null);
  perform lock_runs(v_runs || array(select r.workflow_run_id from workflow_runs r where r.posting_id = any (v_postings)));
  perform settle_content(v_postings);
  perform settle_runs(v_runs);
  for v_fetch in
    select distinct n.workflow_run_id, n.conversation_id, n.inputs_key, n.partition_key
    from interactions i
    join run_node_state n on n.workflow_run_id = i.workflow_run_id and n.posting_id is null
    where i.interaction_id = any (p_interactions) and i.posting_id is null
  loop
    perform settle_fetch(v_fetch.workflow_run_id, v_fetch.conversation_id, v_fetch.inputs_key, v_fetch.partition_key);
  end loop;
end
$$;
comment on function settle_touched(bigint[]) is 'Derives state and published values of whatever rests on the given interactions.';
