"""What an actor is, seen from the engine: bound inputs go in, one answer comes out.

Belongs here: the protocol and its value. Not here: how a particular actor thinks (its own module),
nor how an answer is recorded (``engine``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer to one interaction."""

    output: dict[str, Any]  # JSON object, in the shape that the conversation's schema declares
    branch: str = "*"  # a branch label that the conversation declares, matched exactly
    tokens_in: int | None = None  # prompt tokens, where the actor counts them
    tokens_out: int | None = None  # answer tokens, where the actor counts them


class Actor(Protocol):
    """Answers one interaction at a time; must be safe to await many times concurrently."""

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Answer ``inputs`` (handle -> bound value).

        Raises RetryableActorError or PermanentActorError; anything else counts as permanent.
        """
        ...


def waits(actor: Actor) -> bool:
    """Whether the actor waits for something outside this process, such as a model server.

    It says so by a true attribute ``waits``. It then gets as many calls at once as there are slots;
    any other answers a whole batch, one call after the other.
    """
    return bool(getattr(actor, "waits", False))
