create or replace function store_raw_page(
  p_interaction_id bigint, p_fence bigint, p_page_number integer, p_url text, p_http_status integer,
  p_content_type text, p_body bytea
) returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  v_page bigint;
begin
  perform enter_gate_shared();
  perform from interactions i
  where i.interaction_id = p_interaction_id and i.fence = p_fence and i.status = 'running'
  for share of i;
  if not found then
    raise exception 'fetch % has lost its claim: page % was not stored', p_interaction_id, p_page_number using errcode = 'TY409';
  end if;
  insert into raw_pages (interaction_id, page_number, url, http_status, content_type, body)
  values (p_interaction_id, p_page_number, p_url, p_http_status, p_content_type, p_body)
  on conflict (interaction_id, page_number) do nothing
  returning raw_page_id into v_page;
  return v_page;
end
$$;
comment on function store_raw_page(bigint, bigint, integer, text, integer, text, bytea)
  is 'Stores one page of a live fetch; raises TY409 when its claim was taken over.';
