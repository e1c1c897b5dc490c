create or replace trigger a_prompt_version_is_never_rewritten
  before update on conversation_versions
  for each row execute function refuse_rewriting();
comment on trigger a_prompt_version_is_never_rewritten on conversation_versions is 'A changed prompt is a new version, never an edit.';
