create or replace view audit_rewritten_outputs as
select i.posting_id, i.interaction_id, 'its output is not the one that was recorded: the digest differs' as problem
from interactions i
where i.output is not null and i.output_hash is distinct from sha256(convert_to(i.output::text, 'UTF8'));
comment on view audit_rewritten_outputs is 'Violations of invariant 1: ended interactions whose output was changed.';
