create or replace view known_sources as
select s.source_id, s.label, s.adapter, s.timezone, s.retired from sources s;
comment on view known_sources is 'Every source that was ever declared here.';
