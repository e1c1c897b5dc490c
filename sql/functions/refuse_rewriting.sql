create or replace function refuse_rewriting() returns trigger
language plpgsql
as $$
begin
  raise exception '% %: what it recorded is never rewritten', tg_table_name,
    coalesce(to_jsonb(old) ->> 'interaction_id', to_jsonb(old) ->> 'posting_version_id', to_jsonb(old) ->> 'event_id', '')
    using errcode = 'TY002', hint = 'A correction is a new interaction.';
end
$$;
comment on function refuse_rewriting() is 'Raises TY002, for every role.';
