-- A long text is looked at whole only where it begins with blanks: trimming reads every character.
create or replace function is_blank(p_value jsonb) returns boolean
language sql immutable parallel safe
as $$
  select p_value is null or case jsonb_typeof(p_value)
    when 'string' then btrim(left(p_value #>> '{}', 40), e' \t\r\n') = '' and btrim(p_value #>> '{}', e' \t\r\n') = ''
    else p_value in ('null', '[]', '{}')
  end
$$;
comment on function is_blank(jsonb) is 'True for a missing, null, empty or white-space value.';
