"""Answers are checked against the shape of their conversation, and refused in one sentence."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ty_pipeline.actors.schema import CATEGORIES, SHAPES, validate_output
from ty_pipeline.actors.skill_cues import BANDS
from ty_pipeline.errors import PermanentActorError
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

SUMMARY = {
    "role": "Clerk: files letters.",
    "key_responsibilities": ["File letters", "Answer the phone", "Order paper"],
    "requirements": ["A diploma", "Good spelling", "Patience"],
    "details": "Half days.",
    "evidence": [{"section": "role", "start": 0, "end": 14}],
}
VERDICT = {
    "verdict": "fail",
    "score": 40,
    "reasons": [{"code": "ungrounded", "section": "details", "message": "It is not there."}],
}
SKILL = {
    "name": "Python",
    "importance": "critical",
    "weight": 70,
    "proficiency": "advanced",
    "years_required": None,
    "evidence": "strong Python",
    "start": 10,
    "end": 23,
    "taxonomy_id": None,
}
FLAG = {
    "flag": "exact_tenure",
    "quote": "exactly 7 years",
    "severity": "high",
    "start": 1,
    "end": 9,
}
GOOD: dict[str, dict[str, Any]] = {
    "extract_summary": SUMMARY,
    "improve_summary": SUMMARY,
    "grade_a": VERDICT,
    "grade_b": VERDICT,
    "regrade": VERDICT,
    "extract_skills": {"skills": [SKILL]},
    "ihl_analyst": {"verdict": "SUSPICIOUS", "red_flags": [FLAG], "reasoning": "One sign."},
    "ihl_skeptic": {
        "verdict": "WEAK_CASE",
        "challenges": [{"flag": "exact_tenure", "argument": "Usual.", "quote": "7 years"}],
        "reasoning": "Answered.",
    },
    "ihl_expert": {
        "score": 72,
        "category": "COMPLIANCE_THEATER",
        "confidence": 0.5,
        "red_flags": [FLAG],
        "candidate_pool": "SMALL",
        "recommendation": "CAUTION",
        "reasoning": "It seems so.",
    },
}


def with_value(output: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one value replaced; the path is of keys and indexes between full stops."""
    changed = copy.deepcopy(output)
    *way, last = path.split(".")
    at: Any = changed
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[int(last) if isinstance(at, list) else last] = value
    return changed


def refusal(conversation: str, output: Any) -> str:
    with pytest.raises(PermanentActorError) as refused:
        validate_output(conversation, output)
    assert refused.value.error_class == "schema"
    return str(refused.value)


def test_every_model_step_of_the_workflow_has_a_shape_and_each_shape_a_step() -> None:
    steps = {one.name for one in WORKFLOW_3001.conversations if one.actor.actor_type == "ai_model"}
    assert steps == SHAPES.keys() == GOOD.keys()


@pytest.mark.parametrize("conversation", GOOD)
def test_a_shape_holds_the_keys_that_the_workflow_declares(conversation: str) -> None:
    (declared,) = (one for one in WORKFLOW_3001.conversations if one.name == conversation)
    assert set(SHAPES[conversation].model_fields) == set(declared.outputs)


@pytest.mark.parametrize("conversation", GOOD)
def test_an_answer_in_shape_comes_out_unchanged(conversation: str) -> None:
    assert validate_output(conversation, GOOD[conversation]) == GOOD[conversation]


@pytest.mark.parametrize("conversation", GOOD)
def test_an_undeclared_key_is_dropped(conversation: str) -> None:
    output = {**GOOD[conversation], "thoughts": "hm"}
    assert validate_output(conversation, output) == GOOD[conversation]


@pytest.mark.parametrize(
    ("conversation", "key"), [(name, key) for name, output in GOOD.items() for key in output]
)
def test_a_missing_key_is_refused_by_name(conversation: str, key: str) -> None:
    output = {name: value for name, value in GOOD[conversation].items() if name != key}
    assert f"{key} is missing" in refusal(conversation, output)


@pytest.mark.parametrize(
    ("conversation", "path", "value", "said"),
    [
        ("extract_summary", "role", " \n", "role must not be blank"),
        ("extract_summary", "requirements.1", "", "requirements.1 must not be blank"),
        ("extract_summary", "requirements", "a text", "requirements must be a valid list"),
        ("extract_summary", "details", None, "details must be a valid string"),
        ("extract_summary", "evidence.0.section", "title", "evidence.0.section must be 'role'"),
        ("extract_summary", "evidence.0.start", -1, "evidence.0.start must be"),
        ("extract_summary", "evidence.0.start", 14, "evidence.0 must end after its start"),
        ("extract_summary", "evidence.0.end", 2**31, "evidence.0.end must be"),
        ("extract_summary", "role", "x" * 20_001, "role string should have at most 20000"),
        ("grade_a", "verdict", "PASS", "verdict must be 'pass' or 'fail'"),
        ("grade_a", "score", 101, "score must be less than or equal to 100"),
        ("grade_a", "score", "90", "score must be a valid integer"),
        ("grade_b", "reasons", [], "reasons must give a reason for its verdict fail"),
        ("regrade", "reasons.0.message", "", "reasons.0.message must not be blank"),
        ("extract_skills", "skills.0.weight", 90, "skills.0.weight must be 65 to 89 for critical"),
        ("extract_skills", "skills.0.importance", "bonus", "must be 10 to 34 for bonus"),
        ("extract_skills", "skills.0.evidence", "", "skills.0.evidence must not be blank"),
        ("extract_skills", "skills.0.end", None, "skills.0 must have both start and end"),
        ("extract_skills", "skills.0.years_required", 61, "skills.0.years_required must be"),
        ("extract_skills", "skills.0.taxonomy_id", "", "skills.0.taxonomy_id must not be blank"),
        ("ihl_analyst", "red_flags", [], "red_flags must hold a flag for the verdict SUSPICIOUS"),
        ("ihl_analyst", "red_flags.0.quote", "  ", "red_flags.0.quote must not be blank"),
        ("ihl_analyst", "red_flags.0.severity", "severe", "red_flags.0.severity must be 'low'"),
        ("ihl_skeptic", "verdict", "SUSPICIOUS", "verdict must be 'GENUINE'"),
        ("ihl_expert", "score", 69, "score must be 70 to 99 for COMPLIANCE_THEATER"),
        ("ihl_expert", "score", 7.2, "score must be a valid integer"),
        ("ihl_expert", "category", "FAKE", "score must be 100 for FAKE"),
        ("ihl_expert", "confidence", 1.1, "confidence must be less than or equal to 1"),
        ("ihl_expert", "confidence", float("nan"), "confidence must be a finite number"),
        ("ihl_expert", "reasoning", "", "reasoning must not be blank"),
    ],
)
def test_a_wrong_value_is_refused_in_a_sentence_that_names_the_field(
    conversation: str, path: str, value: Any, said: str
) -> None:
    sentence = refusal(conversation, with_value(GOOD[conversation], path, value))
    assert sentence.startswith(f"The answer of {conversation} does not have its shape: ")
    assert said in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_further_faults_are_counted_and_not_listed() -> None:
    sentence = refusal("grade_a", {"verdict": "maybe", "score": -1, "reasons": None})
    assert sentence.endswith("'pass' or 'fail' (and 2 more).")


@pytest.mark.parametrize("output", [None, [], "text", 3])
def test_an_answer_that_is_no_object_is_refused(output: Any) -> None:
    assert "must be an object" in refusal("grade_a", output)


def test_refusals_hold_no_text_of_the_answer() -> None:
    secret = "grandmother's telephone number"
    output = with_value(SUMMARY, "evidence.0.section", secret)
    assert secret not in refusal("extract_summary", output)


def test_empty_lists_and_blank_details_are_answers_for_the_graders_to_judge() -> None:
    honest = {**SUMMARY, "requirements": [], "details": "", "evidence": []}
    assert validate_output("extract_summary", honest) == honest


@pytest.mark.parametrize(("importance", "band"), BANDS.items())
def test_the_weight_of_a_skill_lies_in_the_band_of_its_importance(
    importance: str, band: tuple[int, int]
) -> None:
    for weight in band:
        skill = {**SKILL, "importance": importance, "weight": weight}
        assert validate_output("extract_skills", {"skills": [skill]})["skills"] == [skill]


@pytest.mark.parametrize("score", [0, 39, 40, 69, 70, 99, 100])
def test_exactly_one_category_goes_with_a_score(score: int) -> None:
    accepted = []
    for category in CATEGORIES:
        output = {**GOOD["ihl_expert"], "score": score, "category": category}
        try:
            accepted.append(validate_output("ihl_expert", output)["category"])
        except PermanentActorError:
            continue
    assert len(accepted) == 1


def test_nul_and_lone_surrogates_are_dropped_and_other_characters_kept() -> None:
    output = {**SUMMARY, "role": "Cl\0erk \ud83d: größe 😀", "details": "\udfffend"}
    checked = validate_output("extract_summary", output)
    assert checked["role"] == "Clerk : größe 😀"
    assert checked["details"] == "end"


def test_a_text_of_nothing_but_what_is_dropped_counts_as_blank() -> None:
    assert "role must not be blank" in refusal("extract_summary", {**SUMMARY, "role": "\0\ud800"})


def test_a_step_without_a_declared_shape_may_answer_any_object_made_safe() -> None:
    assert validate_output("custom_step", {"a\0": ["x\ud800y", 1, None]}) == {"a": ["xy", 1, None]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(GOOD)), st.dictionaries(st.text(max_size=12), JSON, max_size=6))
def test_any_object_is_accepted_or_refused_as_a_schema_error(
    conversation: str, output: dict[str, Any]
) -> None:
    try:
        checked = validate_output(conversation, {**GOOD[conversation], **output})
    except PermanentActorError as error:
        error_class = error.error_class
    else:
        error_class = "schema"
        json.dumps(checked).encode()
    assert error_class == "schema"


@given(st.sampled_from(sorted(GOOD)), st.text(st.characters(codec=None), max_size=30), JSON)
def test_whatever_is_accepted_postgresql_can_store(
    conversation: str, text: str, value: Any
) -> None:
    marked = json.loads(json.dumps(GOOD[conversation]).replace("e", "e\\u0000"))
    output = {key.replace("\0", ""): item for key, item in marked.items()}
    for fill in (text, value):
        try:
            checked = validate_output(conversation, {**output, "reasoning": fill, "role": fill})
        except PermanentActorError:
            continue
        stored = json.dumps(checked, ensure_ascii=False)
        assert "\\u0000" not in stored
        stored.encode()
