create or replace function interaction_event_data(p_interaction interactions) returns jsonb
language sql stable
as $$
  select jsonb_build_object('branch', p_interaction.branch, 'round', p_interaction.round, 'attempt', p_interaction.attempt,
    'reused_from', p_interaction.reused_from, 'error_class', p_interaction.error_class)
$$;
comment on function interaction_event_data(interactions) is 'Ids, branch and error class of an interaction, as its events carry them.';
