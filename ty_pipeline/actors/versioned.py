"""The actor of the tests: its answers say which version gave them, and it fails on request.

Belongs here: one actor that answers every model step, deterministic in its inputs and its version,
so that a test can tell a redo from a repeat. Not here: anything that reads a posting for its
meaning; no workflow uses this actor unless a test says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, assert_never, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.posting import posting_of
from ty_pipeline.errors import ActorError, ConfigError, PermanentActorError, RetryableActorError

Conversation = Literal[
    "extract_summary",
    "grade_a",
    "grade_b",
    "improve_summary",
    "regrade",
    "extract_skills",
    "ihl_analyst",
    "ihl_skeptic",
    "ihl_expert",
]
CONVERSATIONS: Final[tuple[Conversation, ...]] = get_args(Conversation)

_SECTIONS: Final = ("role", "key_responsibilities", "requirements", "details")


class VersionedSettings(BaseModel):
    """What changes its answers; read from the settings of an actor row."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    version: str = "1"  # part of every answer
    delay_ms: int = Field(default=0, ge=0, le=600_000)  # milliseconds before every answer
    fail: Literal["retryable", "permanent"] | None = None  # how it fails; None: never
    fail_marker: str = Field(default="[fail]", min_length=1)  # titles that hold it fail
    fail_rate: float = Field(default=0.0, ge=0, le=1)  # share of all inputs that fail, by hash
    pass_rate: float = Field(default=1.0, ge=0, le=1)  # share of grades that pass, by hash


class VersionedActor:
    """Answers any model step in the right shape, each answer naming its version."""

    model = "versioned-test-actor"

    def __init__(self, conversation: str, /, version: str = "1", **settings: Any) -> None:
        """Raise ConfigError for a conversation that has no model, or settings it cannot use."""
        known = next((known for known in CONVERSATIONS if known == conversation), None)
        if known is None:
            raise ConfigError(
                f'The model {self.model} cannot answer "{conversation}": it answers '
                f"{', '.join(CONVERSATIONS)}."
            )
        self.conversation: Conversation = known
        self.settings = _settings({"version": version, **settings})

    @property
    def waits(self) -> bool:
        """As a model server does, where its settings delay answers."""
        return self.settings.delay_ms > 0

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Answer from ``posting`` and the hash of all inputs.

        Raises RetryableActorError or PermanentActorError where the settings say so, and
        PermanentActorError where the posting is missing.
        """
        posting = posting_of(inputs)
        digest = _digest(inputs, self.settings.version)
        if self.settings.delay_ms:
            await asyncio.sleep(self.settings.delay_ms / 1000)
        if self.settings.fail_marker in posting.title or _share(digest) < self.settings.fail_rate:
            self._fail()
        output = self._output(posting.description, digest)
        return Answer(output=output, branch=output["verdict"] if self._grades else "*")

    @property
    def _grades(self) -> bool:
        return self.conversation in ("grade_a", "grade_b", "regrade")

    def _fail(self) -> None:
        match self.settings.fail:
            case None:
                return
            case "retryable":
                raise _failure(RetryableActorError, "network")
            case "permanent":
                raise _failure(PermanentActorError, "unexpected")
            case _:
                assert_never(self.settings.fail)

    def _output(self, description: str, digest: str) -> dict[str, Any]:
        mark = f"version {self.settings.version}, {digest[:12]}"
        match self.conversation:
            case "extract_summary" | "improve_summary":
                return _summary(description, mark)
            case "grade_a" | "grade_b" | "regrade":
                return _grade(mark, passed=_share(digest[16:]) < self.settings.pass_rate)
            case "extract_skills":
                return {"skills": [_skill(description, mark)]}
            case "ihl_analyst":
                return {"verdict": "GENUINE", "red_flags": [], "reasoning": f"None by {mark}."}
            case "ihl_skeptic":
                return {"verdict": "GENUINE", "challenges": [], "reasoning": f"None by {mark}."}
            case "ihl_expert":
                return _verdict(mark, score=int(digest[:8], 16) % 40)
            case _:
                assert_never(self.conversation)


def _settings(values: Mapping[str, Any]) -> VersionedSettings:
    try:
        return VersionedSettings.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"The setting {name} of the model {VersionedActor.model} cannot be used: {first['msg']}."
        ) from error


def _digest(inputs: Mapping[str, Any], version: str) -> str:
    """A hexadecimal SHA-256 of the version and of all inputs, whatever order their keys have."""
    text = json.dumps([version, inputs], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _share(digest: str) -> float:
    """A number from 0 to below 1, evenly spread over digests."""
    return int(digest[:8], 16) / 0x1_0000_0000


def _failure(kind: Callable[..., ActorError], error_class: str) -> ActorError:
    return kind("The test actor fails on this input, as it was told to.", error_class=error_class)


def _span(description: str) -> tuple[int, int]:
    """The first line of a description that holds anything, at most 120 characters of it."""
    start = len(description) - len(description.lstrip())
    stop = description.find("\n", start)
    end = min(start + 120, len(description) if stop < 0 else stop)
    return start, start + len(description[start:end].rstrip())


def _summary(description: str, mark: str) -> dict[str, Any]:
    start, end = _span(description)
    lines = [f"{number} of 3 by {mark}" for number in (1, 2, 3)]
    return {
        "role": description[start:end],
        "key_responsibilities": [f"Duty {line}" for line in lines],
        "requirements": [f"Requirement {line}" for line in lines],
        "details": f"Written by {mark}, for a test, and grounded in nothing but its first line.",
        "evidence": [{"section": section, "start": start, "end": end} for section in _SECTIONS],
    }


def _grade(mark: str, *, passed: bool) -> dict[str, Any]:
    reason = {"code": "test_actor", "section": None, "message": f"Failed by {mark}."}
    return {
        "verdict": "pass" if passed else "fail",
        "score": 100 if passed else 0,
        "reasons": [] if passed else [reason],
    }


def _skill(description: str, mark: str) -> dict[str, Any]:
    start, end = _span(description)
    return {
        "name": f"Testing, {mark}",
        "importance": "important",
        "weight": 50,
        "proficiency": "intermediate",
        "years_required": None,
        "evidence": description[start:end],
        "start": start,
        "end": end,
        "taxonomy_id": None,
    }


def _verdict(mark: str, *, score: int) -> dict[str, Any]:
    return {
        "score": score,
        "category": "GENUINE",
        "confidence": 0.5,
        "red_flags": [],
        "candidate_pool": "LARGE",
        "recommendation": "APPLY",
        "reasoning": f"Scored by {mark}.",
    }
