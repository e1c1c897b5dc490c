"""The prompts of skills and IHL: what they fill in exists, what they show as an answer is valid."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import ty_pipeline
from ty_pipeline.actors.ihl_flags import FLAGS
from ty_pipeline.actors.schema import validate_output
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

PROMPTS = Path(ty_pipeline.__file__).parent / "prompts"
STEPS = ["extract_skills", "ihl_analyst", "ihl_skeptic", "ihl_expert"]


@pytest.mark.parametrize("step", STEPS)
def test_the_example_in_a_prompt_is_an_answer_that_would_be_accepted(step: str) -> None:
    text = (PROMPTS / f"{step}.md").read_text("utf-8")
    example = json.loads(text[text.rindex('\n{"') :].replace("\n", " "))
    assert validate_output(step, example) == example


@pytest.mark.parametrize("step", STEPS)
def test_a_prompt_reads_exactly_the_inputs_that_its_step_declares(step: str) -> None:
    text = (PROMPTS / f"{step}.md").read_text("utf-8")
    named = {name.split(".")[0] for name in re.findall(r"\{([a-z_]+(?:\.[a-z_]+)?)\}", text)}
    (conversation,) = (one for one in WORKFLOW_3001.conversations if one.name == step)
    inputs = conversation.nodes[0].input_sets[0].inputs
    assert named == {one.handle for one in inputs if one.is_bound}


@pytest.mark.parametrize("step", STEPS)
def test_what_others_wrote_stands_between_marks(step: str) -> None:
    text = (PROMPTS / f"{step}.md").read_text("utf-8")
    (first, *_) = re.findall(r"^BEGIN POSTING$.*?^END POSTING$", text, re.MULTILINE | re.DOTALL)
    assert "{posting.title}" in first
    outside = re.sub(r"^BEGIN (\w+)$.*?^END \1$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert re.search(r"\{[a-z_.]+\}", outside) is None
    assert "never an" in outside


def test_the_analyst_prompt_knows_every_flag_of_the_rules() -> None:
    text = (PROMPTS / "ihl_analyst.md").read_text("utf-8")
    assert [flag.code for flag in FLAGS if f"`{flag.code}`" not in text] == []
