"""What an asset is given to work with: the settings, the sources, and a way to the engine.

Belongs here: putting these together, once for the code location. Not here: reading the environment
(``config``), starting a server (``database.server``), the work (``engine``).

A plain resource, not a ConfigurableResource: nothing in it is for the launchpad, and its values do
not fit into Dagster's config types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ty_pipeline.actors.registry import build_actor
from ty_pipeline.config import Settings
from ty_pipeline.database.server import database_urls
from ty_pipeline.engine.context import ActorBuilder, EngineContext, Limits
from ty_pipeline.errors import UsageError
from ty_pipeline.sources.row import Source
from ty_pipeline.workflow.model import Workflow
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """Handed to every asset under the name ``pipeline``."""

    settings: Settings  # where and how much
    sources: Mapping[str, Source]  # by id
    workflow: Workflow = WORKFLOW_3001  # what is done
    build: ActorBuilder = build_actor  # how an actor row becomes an actor

    @cached_property
    def url(self) -> str:
        """Our database; on first use the embedded server is started where it is needed."""
        return database_urls(self.settings).ours

    def engine(self, dagster_run_id: str | None = None) -> EngineContext:
        """The engine, in the name of a Dagster run."""
        return EngineContext(
            url=self.url,
            workflow=self.workflow,
            limits=limits(self.settings),
            dagster_run_id=dagster_run_id,
            build=self.build,
        )

    def source(self, source_id: str) -> Source:
        """The source of that id; UsageError names those that there are."""
        try:
            return self.sources[source_id]
        except KeyError:
            known = ", ".join(sorted(self.sources))
            raise UsageError(f'There is no source "{source_id}": known are {known}.') from None


def limits(settings: Settings) -> Limits:
    """The engine's limits as the settings say."""
    return Limits(
        claim_batch=settings.claim_batch,
        call_slots=settings.call_slots,
        commit_seconds=settings.commit_ms / 1000,
        lease_seconds=settings.lease_seconds,
        pass_postings=settings.pass_postings,
        pass_seconds=settings.pass_minutes * 60,
    )
