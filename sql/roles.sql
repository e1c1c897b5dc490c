-- Group roles, made on every migrate where the server lets us. Clients log in as whom they like and SET
-- ROLE; nobody logs in as these.
do $$
declare
  v_role text;
begin
  foreach v_role in array array['ty_owner', 'ty_pipeline', 'ty_operator', 'ty_reader', 'ty_eraser'] loop
    if not exists (select from pg_roles where rolname = v_role) then
      begin
        execute format('create role %I nologin', v_role);
      exception when duplicate_object or unique_violation then
        null; -- another database of this server is migrated at this moment
      end;
    end if;
    if not pg_has_role(current_user, v_role, 'member') then
      execute format('grant %I to current_user', v_role);
    end if;
  end loop;
  execute format('grant create, connect, temporary on database %I to ty_owner', current_database());
  execute format('grant connect on database %I to ty_pipeline, ty_operator, ty_reader', current_database());
  grant usage, create on schema public to ty_owner;
  grant usage on schema public to ty_pipeline, ty_operator, ty_reader;
end
$$;
