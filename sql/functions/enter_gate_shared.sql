-- Every engine write transaction calls this first; an invalidation waits until all of them are done.
create or replace function enter_gate_shared() returns void
language sql volatile
as $$ select pg_advisory_xact_lock_shared(3001, 1) $$;
comment on function enter_gate_shared() is 'First act of every engine transaction.';
