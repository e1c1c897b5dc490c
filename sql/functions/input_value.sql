create or replace function input_value(p_reference jsonb) returns jsonb
language sql stable
as $$
  select case when p_reference ->> 'field' is null then i.output else i.output -> (p_reference ->> 'field') end
  from interactions i
  where i.interaction_id = (p_reference ->> 'interaction_id')::bigint
$$;
comment on function input_value(jsonb) is 'The value that a script''s input refers to.';
