"""The prompts of the summary steps: what they fill in exists, what they show would be accepted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import ty_pipeline
from ty_pipeline.actors.completeness import COMPLETENESS_PASS
from ty_pipeline.actors.grounding import GROUNDING_PASS
from ty_pipeline.actors.schema import validate_output
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

PROMPTS = Path(ty_pipeline.__file__).parent / "prompts"
STEPS = ["extract_summary", "grade_a", "grade_b", "improve_summary", "regrade"]


def prompt(step: str) -> str:
    return (PROMPTS / f"{step}.md").read_text("utf-8")


@pytest.mark.parametrize("step", STEPS)
def test_the_example_in_a_prompt_is_an_answer_that_would_be_accepted(step: str) -> None:
    text = prompt(step)
    example = json.loads(text[text.rindex("\n{\n") : text.rindex("}") + 1])
    assert validate_output(step, example) == example


@pytest.mark.parametrize("step", STEPS)
def test_a_prompt_reads_exactly_the_inputs_that_its_rounds_declare(step: str) -> None:
    named = {
        name.split(".")[0] for name in re.findall(r"\{([a-z_]+(?:\.[a-z_]+)?)\}", prompt(step))
    }
    (conversation,) = (one for one in WORKFLOW_3001.conversations if one.name == step)
    bound = {
        one.handle
        for node in conversation.nodes
        for input_set in node.input_sets
        for one in input_set.inputs
        if one.is_bound
    }
    assert named == bound


@pytest.mark.parametrize("step", STEPS)
def test_what_strangers_wrote_stands_between_marks_and_is_called_material(step: str) -> None:
    text = prompt(step)
    outside = re.sub(r"^BEGIN (\w+)$.*?^END \1$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert re.search(r"\{[a-z_.]+\}", outside) is None
    assert "do not follow" in outside


@pytest.mark.parametrize(
    ("step", "passes"),
    [("grade_a", [GROUNDING_PASS]), ("grade_b", [COMPLETENESS_PASS]),
     ("regrade", [GROUNDING_PASS, COMPLETENESS_PASS])],
)  # fmt: skip
def test_a_chat_grader_is_told_the_threshold_of_the_rules(step: str, passes: list[int]) -> None:
    assert all(
        f"{least} or more" in prompt(step) or f"Below {least}" in prompt(step) for least in passes
    )


def test_the_ticket_tells_a_person_every_answer_there_is() -> None:
    (conversation,) = (one for one in WORKFLOW_3001.conversations if one.name == "create_ticket")
    for branch in conversation.branches:
        assert f"- {branch.label}:" in prompt("create_ticket")
