create or replace function refuse_deletion() returns trigger
language plpgsql
as $$
begin
  raise exception '% is never deleted: invalidate, disable or erase instead', tg_table_name
    using errcode = 'TY001', hint = 'See the operators'' commands: ty-pipeline --help.';
end
$$;
comment on function refuse_deletion() is 'Raises TY001, for every role.';
