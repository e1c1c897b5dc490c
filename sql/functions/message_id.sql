-- Deterministic, so that an edge can name its message without reading it.
create or replace function message_id(
  p_workflow_run_id bigint, p_conversation_id integer, p_round smallint, p_handle text, p_msg_seq bigint
) returns text
language sql immutable parallel safe
as $$
  select left(encode(sha256(
    (p_workflow_run_id || ':' || p_conversation_id || ':' || p_round || ':' || p_handle || ':' || p_msg_seq)::bytea), 'hex'), 16)
$$;
comment on function message_id(bigint, integer, smallint, text, bigint)
  is 'First 16 hex digits of SHA-256 over run, node, handle and sequence.';
