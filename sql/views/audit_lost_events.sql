create or replace view audit_lost_events as
select null::bigint as posting_id, null::bigint as interaction_id,
  sum(l.events) || ' events of ' || l.subject || ' could not be written, first at ' || to_char(min(l.created_at), 'YYYY-MM-DD HH24:MI') as problem
from lost_events l
group by l.subject;
comment on view audit_lost_events is 'Events that the audit log lacks; work went on, and the log can be regenerated.';
