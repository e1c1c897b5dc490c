-- Taken by invalidation, reinstatement, erasure and rebuild: no engine transaction is under way meanwhile.
create or replace function enter_gate_exclusive() returns void
language sql volatile
as $$ select pg_advisory_xact_lock(3001, 1) $$;
comment on function enter_gate_exclusive() is 'First act of every invalidation, reinstatement, erasure and rebuild.';
