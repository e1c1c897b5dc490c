create or replace trigger a_content_version_is_never_rewritten
  before update on posting_versions
  for each row execute function refuse_rewriting();
comment on trigger a_content_version_is_never_rewritten on posting_versions is 'Content versions are append-only.';
