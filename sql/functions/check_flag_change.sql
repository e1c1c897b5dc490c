create or replace function check_flag_change() returns trigger
language plpgsql
as $$
begin
  if old.invalidated and not new.invalidated and coalesce(current_setting('ty.reinstating', true), '') <> 'on' then
    raise exception 'interaction % is invalidated: that is lifted by reinstating the invalidation, not by hand', old.interaction_id
      using errcode = 'TY006', hint = 'Find it: select * from invalidation_hits where interaction_id = ' || old.interaction_id;
  end if;
  if new.invalidated and not old.invalidated then
    if coalesce(new.invalidation_reason, '') !~ '\S' then
      raise exception 'interaction % cannot be invalidated without a reason: set invalidation_reason too', old.interaction_id
        using errcode = 'TY006';
    end if;
    new.invalidated_at := clock_timestamp();
    new.invalidated_by := coalesce(nullif(current_setting('ty.actor', true), ''), session_user);
  end if;
  return new;
end
$$;
comment on function check_flag_change() is 'Refuses an invalidation without a reason, and lifting one by hand; fills in who and when.';
