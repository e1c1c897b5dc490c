create or replace function declare_actor(p_actor_type text, p_model text, p_settings jsonb) returns integer
language plpgsql volatile
as $$
declare
  v_digest bytea := sha256(convert_to(jsonb_build_array(p_actor_type, p_model, p_settings)::text, 'UTF8'));
begin
  insert into actors (actor_type, model, settings, digest) values (p_actor_type, p_model, p_settings, v_digest)
  on conflict (digest) do nothing;
  return (select a.actor_id from actors a where a.digest = v_digest);
end
$$;
comment on function declare_actor(text, text, jsonb) is 'The actor of that type, model and settings, made if it is new.';
