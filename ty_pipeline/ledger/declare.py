"""Synchronises what is declared in Python to the configuration tables.

Belongs here: writing a workflow and the sources down as JSON. Not here: the declaration (``workflow``),
what changes because of it (nothing, until an operator asks).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ty_pipeline.database.connect import Connection
from ty_pipeline.database.migrate import sql_folder
from ty_pipeline.ledger.sqlstates import ledger_errors
from ty_pipeline.workflow.check import NodeKey, check_workflow, topological_order
from ty_pipeline.workflow.model import Conversation, Input, InputSet, Workflow

ActorSettings = Mapping[str, Mapping[str, object]]  # conversation name -> settings

PROMPTS = Path(__file__).resolve().parents[1] / "prompts"


@dataclass(frozen=True, kw_only=True)
class SourceDeclaration:
    """One source as the configuration tables know it."""

    source_id: str  # key
    label: str  # name for people
    adapter: str  # class that reads it
    timezone: str  # IANA name
    settings: dict[str, Any]  # without secrets


def declare_workflow(
    connection: Connection, workflow: Workflow, settings: ActorSettings | None = None
) -> None:
    """Write the workflow to the database; WorkflowError when it contradicts itself.

    ``settings`` adds to the settings of the actors of some conversations what only this
    installation knows, for example which taxonomy it has imported.
    """
    check_workflow(workflow)
    with ledger_errors():
        connection.execute(
            "select declare_workflow(%s::jsonb)", (json.dumps(as_json(workflow, settings or {})),)
        )


def declare_sources(connection: Connection, sources: Iterable[SourceDeclaration]) -> None:
    """Write the sources to the database; one that is declared no more keeps its row."""
    with ledger_errors():
        connection.execute(
            "select declare_sources(%s::jsonb)", (json.dumps([vars(s) for s in sources]),)
        )


def as_json(workflow: Workflow, settings: ActorSettings) -> dict[str, Any]:
    """The workflow in the form that the SQL function reads."""
    ids = {c.name: c.conversation_id for c in workflow.conversations}
    order = topological_order(workflow)
    return {
        "workflow_id": workflow.workflow_id,
        "canonical_name": workflow.name,
        "conversations": [
            _conversation(c, settings.get(c.name, {})) for c in workflow.conversations
        ],
        "nodes": [
            {"conversation_id": ids[name], "round": round_, "topological_order": number}
            for number, (name, round_) in enumerate(order)
        ],
        "inputs": list(_inputs(workflow, ids, order)),
    }


def prompt_text(conversation: Conversation) -> str:
    """The versioned text of a step: a prompt, or the source of its script."""
    if conversation.script_function is not None:
        return (sql_folder() / "functions" / f"{conversation.script_function}.sql").read_text(
            "utf-8"
        )
    file = PROMPTS / f"{conversation.name}.md"
    return file.read_text("utf-8") if file.is_file() else f"{conversation.actor.model}\n"


def _conversation(conversation: Conversation, settings: Mapping[str, object]) -> dict[str, Any]:
    publishes = (
        conversation.produces if conversation.produces in ("summary", "skills", "ihl") else None
    )
    return {
        "conversation_id": conversation.conversation_id,
        "canonical_name": conversation.name,
        "execution_order": conversation.order,
        "actor_type": conversation.actor.actor_type,
        "model": conversation.actor.model,
        "settings": dict(conversation.actor.settings) | dict(settings),
        "prompt": prompt_text(conversation),
        "timeout_seconds": conversation.timeout_seconds,
        "asset_name": conversation.asset,
        "script_function": conversation.script_function,
        "publishes": publishes,
        "branches": [
            {"label": b.label, "meaning": b.meaning, "posting_status": b.posting_status}
            for b in conversation.branches
        ],
    }


def _inputs(
    workflow: Workflow, ids: dict[str, int], order: list[NodeKey]
) -> Iterator[dict[str, Any]]:
    for conversation in workflow.conversations:
        for node in conversation.nodes:
            for alternative, input_set in enumerate(node.input_sets):
                last = max(input_set.inputs, key=lambda one: _rank(one, order))
                for one in input_set.inputs:
                    key = {"conversation_id": conversation.conversation_id, "round": node.round}
                    yield (
                        key
                        | {"alternative": alternative, "is_last": one is last}
                        | _input(one, input_set, ids)
                    )


def _input(one: Input, input_set: InputSet, ids: dict[str, int]) -> dict[str, Any]:
    is_interaction = one.conversation is not None
    return {
        "handle": one.handle,
        "producer_kind": one.producer,
        "producer_conversation_id": ids[one.conversation] if one.conversation is not None else None,
        "producer_round": one.round if is_interaction else None,
        "field": one.field,
        "required_keys": list(one.required_keys),
        "accepts": list(one.accepts) if one.accepts is not None else None,
        "guard": input_set.guard,
        "is_bound": one.is_bound,
    }


def _rank(one: Input, order: list[NodeKey]) -> int:
    """Place of the producing node, producers first; content comes before every node."""
    return -1 if one.conversation is None else order.index((one.conversation, one.round))
