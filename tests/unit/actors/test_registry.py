"""The registry: every declared model is built, everything else is refused in one sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from ty_pipeline.actors.registry import build_actor
from ty_pipeline.actors.taxonomy import Concept, shipped_concepts
from ty_pipeline.errors import ConfigError
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

MODEL_STEPS = [
    (conversation.name, conversation.actor.model)
    for conversation in WORKFLOW_3001.conversations
    if conversation.actor.actor_type == "ai_model"
]


def no_concepts() -> Iterable[Concept]:
    raise AssertionError("only the skills actor may ask for concepts")


@pytest.mark.parametrize(("conversation", "model"), MODEL_STEPS)
def test_every_model_that_the_workflow_declares_can_be_built(conversation: str, model: str) -> None:
    concepts = shipped_concepts if conversation == "extract_skills" else no_concepts
    actor: Any = build_actor(conversation, model, {}, concepts)
    assert actor.model == model


@pytest.mark.parametrize("conversation", [name for name, _ in MODEL_STEPS])
def test_the_test_actor_can_stand_in_for_every_model_step(conversation: str) -> None:
    actor: Any = build_actor(conversation, "versioned-test-actor", {"version": 2}, no_concepts)
    assert actor.conversation == conversation
    assert actor.settings.version == "2"


def test_the_skills_actor_finds_the_concepts_that_it_is_given() -> None:
    concept = Concept(
        concept_id="ty:zorbing", name="Zorbing", aliases=(), kind="skill", source="ty"
    )
    actor = build_actor("extract_skills", "dictionary-aho-1", {}, lambda: [concept])
    posting = {"title": "Guide", "company": "", "description": "You teach zorbing."}
    skills = asyncio.run(actor.answer({"posting": posting})).output["skills"]
    assert [skill["taxonomy_id"] for skill in skills] == ["ty:zorbing"]


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError) as caught:
        build_actor("grade_a", "gpt-99", {}, no_concepts)
    assert '"gpt-99"' in str(caught.value)
    for _, model in MODEL_STEPS:
        assert model in str(caught.value)


def test_a_model_is_refused_for_a_step_that_it_cannot_answer() -> None:
    with pytest.raises(ConfigError, match="dictionary-aho-1 cannot answer grade_a"):
        build_actor("grade_a", "dictionary-aho-1", {}, no_concepts)


@pytest.mark.parametrize("settings", [{"conversation": "grade_b"}, {"self": 1}, {"fail": 3}])
def test_settings_that_cannot_be_used_are_a_config_error(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        build_actor("grade_a", "versioned-test-actor", settings, no_concepts)
