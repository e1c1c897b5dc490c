"""Turns a row of the table ``actors`` into an actor.

Belongs here: which model name is which class, and which conversations it can answer. Not here:
what a workflow uses (``workflow``), nor what an actor does (its own module).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ty_pipeline.actors.answer import Actor
from ty_pipeline.actors.grades import CompletenessGrader, GroundingGrader, RegradeGrader
from ty_pipeline.actors.ihl import IhlAnalyst, IhlExpert, IhlSkeptic
from ty_pipeline.actors.improve import ReasonedImprover
from ty_pipeline.actors.skills import DictionarySkills
from ty_pipeline.actors.summary import ExtractiveWriter
from ty_pipeline.actors.taxonomy import Concept
from ty_pipeline.actors.versioned import CONVERSATIONS, VersionedActor
from ty_pipeline.errors import ConfigError

Concepts = Callable[[], Iterable[Concept]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Model:
    """One model name."""

    conversations: tuple[str, ...]  # the steps that it can answer
    build: Callable[[str, Mapping[str, Any], Concepts], Actor]  # conversation, settings, concepts


def _plain(actor: Callable[[], Actor], *conversations: str) -> _Model:
    """A model without settings; some in its row change nothing but the row's identity."""
    return _Model(
        conversations=conversations, build=lambda _conversation, _settings, _concepts: actor()
    )


_MODELS: Final[dict[str, _Model]] = {
    ExtractiveWriter.model: _plain(ExtractiveWriter, "extract_summary"),
    GroundingGrader.model: _plain(GroundingGrader, "grade_a"),
    CompletenessGrader.model: _plain(CompletenessGrader, "grade_b"),
    ReasonedImprover.model: _plain(ReasonedImprover, "improve_summary"),
    RegradeGrader.model: _plain(RegradeGrader, "regrade"),
    DictionarySkills.model: _Model(
        conversations=("extract_skills",),
        build=lambda _conversation, _settings, concepts: DictionarySkills(concepts()),
    ),
    IhlAnalyst.model: _plain(IhlAnalyst, "ihl_analyst"),
    IhlSkeptic.model: _plain(IhlSkeptic, "ihl_skeptic"),
    IhlExpert.model: _plain(IhlExpert, "ihl_expert"),
    VersionedActor.model: _Model(
        conversations=CONVERSATIONS,
        build=lambda conversation, settings, _concepts: VersionedActor(conversation, **settings),
    ),
}


def build_actor(
    conversation: str, model: str, settings: Mapping[str, Any], concepts: Concepts
) -> Actor:
    """The actor of that model for a conversation, ready to be awaited many times at once.

    ``concepts`` is called only where a model needs them. Raises ConfigError for a model that is
    not known, that cannot answer the conversation, or whose settings cannot be used.
    """
    known = _MODELS.get(model)
    if known is None:
        raise ConfigError(
            f'The model "{model}" of {conversation} is not known; known are {", ".join(_MODELS)}.'
        )
    if conversation not in known.conversations:
        raise ConfigError(
            f"The model {model} cannot answer {conversation}; it answers "
            f"{', '.join(known.conversations)}."
        )
    return known.build(conversation, settings, concepts)
