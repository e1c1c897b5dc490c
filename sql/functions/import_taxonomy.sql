-- A concept that comes again, in the same file or later, takes the newer name and keeps every label it had.
create or replace function import_taxonomy(p_concepts jsonb) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_count integer;
begin
  with given as (
    select c.*
    from jsonb_array_elements(p_concepts) with ordinality e (concept, n)
    cross join lateral (
      select e.n, r.* from jsonb_to_record(e.concept) r (concept_id text, name text, aliases text[], kind text, taxonomy text)
    ) c
  ), labels as (
    select g.concept_id, array_agg(distinct a order by a) as aliases from given g cross join lateral unnest(g.aliases) a group by 1
  )
  insert into taxonomy_concepts as t (concept_id, name, aliases, kind, taxonomy)
  select distinct on (g.concept_id) g.concept_id, g.name, coalesce(l.aliases, '{}'), g.kind, g.taxonomy
  from given g
  left join labels l on l.concept_id = g.concept_id
  order by g.concept_id, g.n desc
  on conflict (concept_id) do update
  set name = excluded.name,
    aliases = array(select distinct a from unnest(t.aliases || excluded.aliases) a order by a),
    kind = excluded.kind, taxonomy = excluded.taxonomy, imported_at = now();
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function import_taxonomy(jsonb) is 'Adds or updates skill concepts; returns how many.';
