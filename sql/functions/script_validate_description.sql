-- validate_description (9193): under 100 characters there is nothing for a model to work on.
create or replace function script_validate_description(p_claims claim[])
returns table (interaction_id bigint, output jsonb, branch text)
language sql volatile
as $$
  select c.interaction_id,
    jsonb_build_object('characters', length(coalesce(btrim(v.description), ''))),
    case
      when btrim(coalesce(v.description, '')) = '' then 'no_description'
      when length(btrim(v.description)) < 100 then 'too_short'
      else 'valid'
    end
  from unnest(p_claims) c
  join posting_versions v on v.posting_version_id = (c.input -> 'posting' ->> 'posting_version_id')::bigint
$$;
comment on function script_validate_description(claim[]) is 'Script of validate_description.';
