create or replace function max_attempts() returns smallint
language sql immutable parallel safe
as $$ select 3::smallint $$;
comment on function max_attempts() is 'Attempts that one node makes on the same messages before it has failed.';
