"""Questions to the ledger, answered through views.

Belongs here: reads that the engine needs. Not here: what the operator's screens show
(``ledger/progress.py``, ``ledger/tracing.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ty_pipeline.database.connect import Connection


@dataclass(frozen=True, kw_only=True)
class KnownActor:
    """One actor row."""

    actor_id: int
    actor_type: str  # script, ai_model or human
    model: str
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class NodeCount:
    """How many nodes of one step are in one state."""

    conversation_id: int
    status: str
    nodes: int


@dataclass(frozen=True, kw_only=True)
class ConceptRow:
    """One imported skill concept."""

    concept_id: str  # id in its taxonomy
    name: str  # preferred label
    aliases: tuple[str, ...]  # other labels
    kind: str  # as the taxonomy says
    taxonomy: str  # where it comes from


def read_actor(connection: Connection, actor_id: int) -> KnownActor:
    """The actor of that id."""
    row = connection.execute(
        "select actor_id, actor_type, model, settings from known_actors where actor_id = %s",
        (actor_id,),
    ).fetchone()
    assert row is not None, f"actor {actor_id} is never deleted"
    return KnownActor(actor_id=row[0], actor_type=row[1], model=row[2], settings=row[3])


def claimable_count(connection: Connection, conversation_id: int, partition_key: str) -> int:
    """How many nodes of a step of a partition are owed and may be claimed now."""
    row = connection.execute(
        "select count(*) from owed_work where conversation_id = %s and partition_key = %s and is_claimable",
        (conversation_id, partition_key),
    ).fetchone()
    return int(row[0]) if row else 0


def node_counts(
    connection: Connection, partition_key: str, conversations: Sequence[int]
) -> tuple[NodeCount, ...]:
    """Nodes by step and status of one partition."""
    rows = connection.execute(
        "select conversation_id, status, nodes from node_counts"
        " where partition_key = %s and conversation_id = any(%s) order by conversation_id, status",
        (partition_key, list(conversations)),
    ).fetchall()
    return tuple(NodeCount(conversation_id=r[0], status=r[1], nodes=r[2]) for r in rows)


def read_concepts(connection: Connection) -> list[ConceptRow]:
    """Imported skill concepts, beside the compact list of the package."""
    rows = connection.execute(
        "select concept_id, name, aliases, kind, taxonomy from imported_concepts"
    )
    return [
        ConceptRow(concept_id=r[0], name=r[1], aliases=tuple(r[2]), kind=r[3], taxonomy=r[4])
        for r in rows
    ]
