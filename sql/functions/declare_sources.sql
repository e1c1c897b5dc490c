create or replace function declare_sources(p_sources jsonb) returns void
language sql volatile security definer set search_path = public, pg_temp
as $$
  insert into sources as s (source_id, label, adapter, timezone, settings)
  select d.source_id, d.label, d.adapter, d.timezone, d.settings
  from jsonb_to_recordset(p_sources) d (source_id text, label text, adapter text, timezone text, settings jsonb)
  on conflict (source_id) do update
  set label = excluded.label, adapter = excluded.adapter, timezone = excluded.timezone, settings = excluded.settings
  where (s.label, s.adapter, s.timezone, s.settings)
    is distinct from (excluded.label, excluded.adapter, excluded.timezone, excluded.settings)
$$;
comment on function declare_sources(jsonb) is 'Synchronises declared sources; one that is declared no more keeps its row.';
