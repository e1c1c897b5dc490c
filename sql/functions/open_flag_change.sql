-- First act of any statement that changes enabled or invalidated, whoever typed it: no engine transaction is
-- under way meanwhile, and the cascade knows that it has work.
create or replace function open_flag_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform enter_gate_exclusive();
  perform set_config('ty.flag_change', txid_current()::text, true);
  return null;
end
$$;
comment on function open_flag_change() is 'Takes the gate exclusively before flags change.';
