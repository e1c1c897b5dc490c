create or replace view known_actors as
select a.actor_id, a.actor_type, a.model, a.settings, a.created_at from actors a;
comment on view known_actors is 'Every actor that ever did or may do work.';
