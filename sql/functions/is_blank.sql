create or replace function is_blank(p_value jsonb) returns boolean
language sql immutable parallel safe
as $$
  select p_value is null
    or p_value in ('null', '""', '[]', '{}')
    or (jsonb_typeof(p_value) = 'string' and btrim(p_value #>> '{}', e' \t\r\n') = '')
$$;
comment on function is_blank(jsonb) is 'True for a missing, null, empty or white-space value.';
