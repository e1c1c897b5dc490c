create or replace view imported_concepts as
select t.concept_id, t.name, t.aliases, t.kind, t.taxonomy from taxonomy_concepts t;
comment on view imported_concepts is 'Imported skill concepts.';
