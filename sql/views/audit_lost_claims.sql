create or replace view audit_lost_claims as
select i.posting_id, i.interaction_id, 'it is running, and no lease will ever end it' as problem
from interactions i
where i.status = 'running' and not exists (
  select from run_node_state n
  where n.workflow_run_id = i.workflow_run_id and n.conversation_id = i.conversation_id and n.round = i.round
    and n.fence = i.fence and n.lease_expires_at is not null);
comment on view audit_lost_claims is 'Violations of invariant 7, second half: live work that would never become claimable again.';
