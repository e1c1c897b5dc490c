-- Who may do what. The pipeline executes the entry points (the SECURITY DEFINER functions) and reads;
-- an operator reads and may mark interactions; nobody but the owner may write a table.
do $$
declare
  v_function regprocedure;
begin
  revoke all on all tables in schema public from ty_pipeline, ty_operator, ty_reader;
  revoke execute on all functions in schema public from public;
  grant select on all tables in schema public to ty_pipeline, ty_operator, ty_reader;
  grant update (enabled, invalidated, invalidation_reason) on interactions to ty_operator;
  for v_function in
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.prorettype <> 'trigger'::regtype
  loop
    execute format('grant execute on function %s to ty_pipeline', v_function);
  end loop;
  for v_function in
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'public'::regnamespace and not p.prosecdef and p.provolatile <> 'v'
      and p.prorettype <> 'trigger'::regtype
  loop
    execute format('grant execute on function %s to ty_pipeline, ty_operator, ty_reader', v_function);
  end loop;
end
$$;
