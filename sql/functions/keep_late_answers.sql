create or replace function keep_late_answers(p_interactions bigint[], p_fences bigint[], p_outputs jsonb[]) returns void
language sql volatile
as $$
  insert into late_answers (interaction_id, fence, output)
  select a.interaction_id, a.fence, a.output
  from unnest(p_interactions, p_fences, p_outputs) a (interaction_id, fence, output)
  join interactions i on i.interaction_id = a.interaction_id
  where i.fence <> a.fence or i.status = 'superseded' or (i.status = 'failed' and i.error_class <> 'undeclared_branch')
  on conflict do nothing
$$;
comment on function keep_late_answers(bigint[], bigint[], jsonb[])
  is 'Keeps answers whose claim was taken over, or whose call had failed already, as evidence; they never count.';
