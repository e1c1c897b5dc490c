"""The values that a workflow is declared with.

Belongs here: plain immutable values. Not here: the checks (``check``), the declaration itself
(``workflow_3001``), nor anything about how a step is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorType = Literal["script", "ai_model", "human"]
ProducerKind = Literal["content", "interaction", "trigger"]
Guard = Literal["all", "any"]
Produces = Literal["content", "message", "summary", "skills", "ihl"]


@dataclass(frozen=True, kw_only=True)
class ActorSpec:
    """Who does a step by default."""

    actor_type: ActorType  # script, ai_model or human
    model: str  # model name, script name or human role
    settings: tuple[tuple[str, object], ...] = ()  # what changes its answers, as pairs


@dataclass(frozen=True, kw_only=True)
class Input:
    """One handle of one node: what it reads and what of it."""

    handle: str  # name inside the reading step
    producer: ProducerKind  # content version, interaction or trigger input
    conversation: str | None = None  # producing conversation, for interactions
    round: int = 0  # round of the producing node
    field: str | None = None  # key of the output that is bound; None binds the whole
    required_keys: tuple[str, ...] = ()  # keys of the bound value that must not be blank
    accepts: tuple[str, ...] | None = None  # branches for which the guard holds; None: unguarded
    is_bound: bool = True  # False: consumed and recorded, not sent to the actor


@dataclass(frozen=True, kw_only=True)
class InputSet:
    """Inputs that belong together; a node needs every input of one of its sets."""

    inputs: tuple[Input, ...]  # the handles
    guard: Guard = "all"  # all guarded inputs must be accepted, or any one


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One label that a step may answer, matched exactly."""

    label: str  # the label; * where there is one way only
    meaning: str  # what follows, for people
    posting_status: str | None = None  # status that ends the posting's way
    ends: bool = False  # True: nothing reads this branch, on purpose


@dataclass(frozen=True, kw_only=True)
class Node:
    """One conversation in one round, with its input sets."""

    round: int  # 0, or 1 to 3 in the improve loop
    input_sets: tuple[InputSet, ...]  # alternatives, at most one of them satisfied at a time


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One step of a workflow."""

    conversation_id: int  # the id that operators know
    name: str  # canonical name, snake case
    order: int  # execution order
    actor: ActorSpec  # who does it by default
    nodes: tuple[Node, ...]  # one a round
    outputs: tuple[str, ...]  # keys of its output object
    branches: tuple[Branch, ...]  # labels it may answer
    timeout_seconds: int  # of one call; deadline of a human step
    asset: str  # Dagster asset in whose run it is done
    produces: Produces = "message"  # who reads its output: later steps, or what it publishes
    script_function: str | None = None  # SQL function of a script step


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """A named set of conversations."""

    workflow_id: int  # the id that operators know
    name: str  # canonical name
    conversations: tuple[Conversation, ...]  # in execution order

    def conversation(self, name: str) -> Conversation:
        """The conversation of that name; KeyError if there is none."""
        return {c.name: c for c in self.conversations}[name]

    def of_asset(self, asset: str) -> tuple[Conversation, ...]:
        """The conversations that are done in the run of ``asset``, in execution order."""
        return tuple(c for c in self.conversations if c.asset == asset)
