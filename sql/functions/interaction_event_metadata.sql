create or replace function interaction_event_metadata(p_interaction interactions) returns jsonb
language sql stable
as $$
  select jsonb_build_object('conversation_id', p_interaction.conversation_id, 'actor_id', p_interaction.actor_id,
    'execution_order', p_interaction.execution_order, 'status', p_interaction.status,
    'duration_ms', p_interaction.duration_ms, 'retry_count', p_interaction.retry_count,
    'correlation_id', p_interaction.correlation_id, 'causation_id', p_interaction.fence)
$$;
comment on function interaction_event_metadata(interactions) is 'What the metadata of an interaction''s events says.';
