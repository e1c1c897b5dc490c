-- Lock order of everything that ends a call: first the calls that others may follow, so that no follower can
-- be added, then the runs of these and of their followers, each in the order of ids. Any other interaction
-- is changed under the lock of its run alone: who holds that may wait for no row of the run.
create or replace function lock_live_work(p_interactions bigint[]) returns void
language plpgsql volatile
as $$
begin
  perform from interactions i
  where i.interaction_id = any (p_interactions) and i.actor_type = 'ai_model' and i.reused_from is null
  order by i.interaction_id
  for update of i;
  perform lock_runs(array(
    select i.workflow_run_id from interactions i where i.interaction_id = any (with_followers(p_interactions))));
end
$$;
comment on function lock_live_work(bigint[]) is 'Locks calls that are about to end, and the runs that this touches.';
