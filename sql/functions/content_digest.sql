create or replace function content_digest(p_title text, p_company text, p_locations text[], p_description text) returns bytea
language sql immutable parallel safe
as $$ select sha256(convert_to(jsonb_build_array(p_title, p_company, p_locations, p_description)::text, 'UTF8')) $$;
comment on function content_digest(text, text, text[], text)
  is 'SHA-256 over cleaned title, company, locations and description; without locations, what a model sees.';
