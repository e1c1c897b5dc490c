create or replace function import_taxonomy(p_concepts jsonb) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_count integer;
begin
  insert into taxonomy_concepts as t (concept_id, name, aliases, kind, taxonomy)
  select c.concept_id, c.name, coalesce(c.aliases, '{}'), c.kind, c.taxonomy
  from jsonb_to_recordset(p_concepts) c (concept_id text, name text, aliases text[], kind text, taxonomy text)
  on conflict (concept_id) do update
  set name = excluded.name,
    aliases = array(select distinct a from unnest(t.aliases || excluded.aliases) a order by a),
    kind = excluded.kind, taxonomy = excluded.taxonomy, imported_at = now();
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function import_taxonomy(jsonb) is 'Adds or updates skill concepts; returns how many.';
