"""Makes a database ready for work: the schema of this release, the declared workflow, the sources.

Belongs here: doing these in order; every command that needs a database starts here. Not here: making
the database itself (``database.server``).
"""

from __future__ import annotations

from collections.abc import Iterable

from ty_pipeline.actors.taxonomy import taxonomy_digest
from ty_pipeline.database.connect import connected
from ty_pipeline.database.migrate import MigrationReport, migrate
from ty_pipeline.engine.context import known_concepts
from ty_pipeline.ledger.declare import SourceDeclaration, declare_sources, declare_workflow
from ty_pipeline.sources.row import Source
from ty_pipeline.workflow.model import Workflow
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001


def prepare_database(
    url: str, sources: Iterable[Source], *, workflow: Workflow = WORKFLOW_3001
) -> MigrationReport:
    """Migrate and declare; a second time it changes nothing.

    The skills actor carries the digest of the taxonomy, so after an import new work is done with it
    and nothing that was done before is reused for it.

    ``url`` is the owner's. Raises MigrationError, WorkflowError or DatabaseUnavailable.
    """
    report = migrate(url)
    with connected(url) as connection:
        taxonomy = taxonomy_digest(known_concepts(connection))
        declare_workflow(connection, workflow, {"extract_skills": {"taxonomy": taxonomy}})
        declare_sources(connection, [_declaration(source) for source in sources])
    return report


def _declaration(source: Source) -> SourceDeclaration:
    return SourceDeclaration(
        source_id=source.source_id,
        label=source.label,
        adapter=type(source).__name__,
        timezone=source.timezone,
        settings={},
    )
