-- Deterministic, so that an edge can name its message without reading it. The casts are written out: with
-- implicit ones the body would not count as immutable, and PostgreSQL would call it instead of inlining it.
create or replace function message_id(
  p_workflow_run_id bigint, p_conversation_id integer, p_round smallint, p_handle text, p_msg_seq bigint
) returns text
language sql immutable parallel safe
as $$
  select left(encode(sha256(
    (p_workflow_run_id::text || ':' || p_conversation_id::text || ':' || p_round::text || ':' || p_handle || ':'
      || p_msg_seq::text)::bytea), 'hex'), 16)
$$;
comment on function message_id(bigint, integer, smallint, text, bigint)
  is 'First 16 hex digits of SHA-256 over run, node, handle and sequence.';
