create or replace function deliver_content(p_postings bigint[]) returns void
language sql volatile
as $$
  insert into run_inbox_messages (
    message_id, workflow_run_id, conversation_id, round, handle, msg_seq, producer_version_id)
  select distinct message_id(r.workflow_run_id, i.conversation_id, i.round, i.handle, p.current_version_id),
    r.workflow_run_id, i.conversation_id, i.round, i.handle, p.current_version_id, p.current_version_id
  from postings p
  join workflow_runs r on r.posting_id = p.posting_id
  join conversation_inputs i on i.workflow_id = r.workflow_id and i.producer_kind = 'content'
  where p.posting_id = any (p_postings) and p.current_version_id is not null
  on conflict do nothing
$$;
comment on function deliver_content(bigint[]) is 'Delivers the current content to every input that reads it.';
