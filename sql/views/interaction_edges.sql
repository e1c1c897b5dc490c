create or replace view interaction_edges as
select i.posting_id, e.interaction_id, e.handle, e.message_id, e.input_interaction_id, p.conversation_id as input_conversation_id,
  c.canonical_name as input_canonical_name, p.round as input_round, e.posting_version_id, e.trigger_input_id
from interactions i
join interaction_inputs e on e.interaction_id = i.interaction_id
left join interactions p on p.interaction_id = e.input_interaction_id
left join conversations c on c.conversation_id = p.conversation_id;
comment on view interaction_edges is 'What each interaction consumed: handle, and the interaction, content version or trigger input behind it.';
