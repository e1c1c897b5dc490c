-- validate_description (9193): under 100 characters there is nothing for a model to work on.
create or replace function script_validate_description(p_claims claim[])
returns table (interaction_id bigint, output jsonb, branch text)
language sql volatile
as $$
  select c.interaction_id,
    jsonb_build_object('characters', d.characters),
    case when d.characters = 0 then 'no_description' when d.characters < 100 then 'too_short' else 'valid' end
  from unnest(p_claims) c
  join posting_versions v on v.posting_version_id = (c.input -> 'posting' ->> 'posting_version_id')::bigint
  cross join lateral (select length(btrim(coalesce(v.description, ''), e' \t\r\n')) as characters) d
$$;
comment on function script_validate_description(claim[]) is 'Script of validate_description.';
