"""What a pass over a partition needs: where the database is, who works, and the limits.

Belongs here: values handed down once. Not here: reading them from the environment (``config``).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from ty_pipeline.actors.answer import Actor
from ty_pipeline.actors.registry import build_actor
from ty_pipeline.actors.taxonomy import Concept, Kind, shipped_concepts
from ty_pipeline.database.connect import Connection, connect
from ty_pipeline.ledger.reads import read_actor, read_concepts
from ty_pipeline.ledger.work import Worker
from ty_pipeline.workflow.model import Workflow

ActorBuilder = Callable[[str, str, dict[str, Any], Callable[[], Iterable[Concept]]], Actor]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much is done at once and in one pass."""

    claim_batch: int = 256  # nodes claimed at once
    call_slots: int = 16  # concurrent calls of an actor outside this process
    commit_seconds: float = 0.02  # longest wait of an answer for company in its commit
    lease_seconds: int = 60  # a claim holds this long without a heartbeat
    pass_postings: int = 10_000  # interactions of one step in one pass
    pass_seconds: float = 1800.0  # length of one pass


@dataclass(frozen=True, kw_only=True)
class EngineContext:
    """Handed to every part of the engine."""

    url: str  # address of our database
    workflow: Workflow  # what is declared
    limits: Limits = field(default_factory=Limits)
    dagster_run_id: str | None = None  # None outside Dagster
    worker_name: str = field(default_factory=lambda: f"{os.getpid()}-{uuid.uuid4().hex[:8]}")
    build: ActorBuilder = build_actor  # how an actor row becomes an actor

    @property
    def worker(self) -> Worker:
        """Who claims."""
        return Worker(
            name=self.worker_name,
            lease_seconds=self.limits.lease_seconds,
            dagster_run_id=self.dagster_run_id,
        )

    def connect(self) -> Connection:
        """A new connection in the pipeline's role; the caller closes it."""
        return connect(self.url)

    def actor(self, connection: Connection, conversation: str, actor_id: int) -> Actor:
        """The actor of that id, built for a conversation; ConfigError when its model is not known."""
        known = read_actor(connection, actor_id)
        return self.build(
            conversation, known.model, known.settings, lambda: known_concepts(connection)
        )


def known_concepts(connection: Connection) -> list[Concept]:
    """The compact list of the package and whatever was imported."""
    imported = [
        Concept(
            concept_id=r.concept_id,
            name=r.name,
            aliases=r.aliases,
            kind=cast(Kind, r.kind),
            source=r.taxonomy,
        )
        for r in read_concepts(connection)
    ]
    return [*shipped_concepts(), *imported]
