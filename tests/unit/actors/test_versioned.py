"""The test actor: every conversation's shape, told apart by version, failing on request."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.schema import validate_output
from ty_pipeline.actors.versioned import CONVERSATIONS, VersionedActor
from ty_pipeline.errors import ConfigError, PermanentActorError, RetryableActorError

POSTING = {
    "title": "Clerk",
    "company": "Example Ltd",
    "description": "\n We look for a clerk who keeps the books.\nYou like numbers.",
}


def ask(conversation: str, posting: dict[str, str] | None = None, **settings: Any) -> Answer:
    actor = VersionedActor(conversation, **settings)
    return asyncio.run(actor.answer({"posting": posting or POSTING}))


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_every_conversation_gets_a_valid_answer(conversation: str) -> None:
    validate_output(conversation, ask(conversation).output)


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_the_same_inputs_and_version_give_the_same_answer(conversation: str) -> None:
    assert ask(conversation, version="a") == ask(conversation, version="a")


@pytest.mark.parametrize(
    "conversation",
    [
        "extract_summary",
        "improve_summary",
        "extract_skills",
        "ihl_analyst",
        "ihl_skeptic",
        "ihl_expert",
    ],
)
def test_another_version_or_another_input_gives_another_answer(conversation: str) -> None:
    first = ask(conversation, version="a")
    assert ask(conversation, version="b") != first
    assert ask(conversation, {**POSTING, "company": "Other"}, version="a") != first


def test_failed_grades_name_the_version_and_take_the_branch_fail() -> None:
    answer = ask("grade_a", version="b7", pass_rate=0)
    assert answer.branch == answer.output["verdict"] == "fail"
    assert "b7" in answer.output["reasons"][0]["message"]
    assert ask("grade_b").branch == "pass"
    assert ask("ihl_expert").branch == "*"


def test_evidence_lies_in_the_description() -> None:
    skill = ask("extract_skills").output["skills"][0]
    assert POSTING["description"][skill["start"] : skill["end"]] == skill["evidence"]
    assert skill["evidence"] == "We look for a clerk who keeps the books."
    for span in ask("extract_summary").output["evidence"]:
        assert POSTING["description"][span["start"] : span["end"]].strip()


@pytest.mark.parametrize(
    ("fail", "error"), [("retryable", RetryableActorError), ("permanent", PermanentActorError)]
)
def test_a_marked_title_fails_in_the_way_that_is_set(
    fail: str, error: type[RetryableActorError] | type[PermanentActorError]
) -> None:
    marked = {**POSTING, "title": "Clerk [fail]"}
    with pytest.raises(error):
        ask("grade_a", marked, fail=fail)
    assert ask("grade_a", marked).branch == "pass"
    assert ask("grade_a", fail=fail).branch == "pass"


def test_a_share_of_inputs_fails_and_always_the_same_ones() -> None:
    def failing() -> list[int]:
        failed = []
        for number in range(200):
            try:
                ask(
                    "grade_a",
                    {**POSTING, "title": f"Clerk {number}"},
                    fail="retryable",
                    fail_rate=0.2,
                )
            except RetryableActorError:
                failed.append(number)
        return failed

    first = failing()
    assert 15 < len(first) < 70
    assert failing() == first


def test_a_share_of_grades_passes() -> None:
    verdicts = [
        ask("regrade", {**POSTING, "title": f"Clerk {number}"}, pass_rate=0.5).branch
        for number in range(100)
    ]
    assert 25 < verdicts.count("pass") < 75


def test_a_delay_is_kept_without_blocking_others() -> None:
    actor = VersionedActor("grade_a", delay_ms=40)

    async def ten() -> None:
        await asyncio.gather(*(actor.answer({"posting": POSTING}) for _ in range(10)))

    started = time.monotonic()
    asyncio.run(ten())
    assert 0.04 <= time.monotonic() - started < 0.3


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"fail": "sometimes"}, "fail"),
        ({"fail_rate": 2}, "fail_rate"),
        ({"delay_ms": -1}, "delay_ms"),
        ({"colour": "red"}, "colour"),
        ({"fail_marker": ""}, "fail_marker"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(settings: dict[str, Any], name: str) -> None:
    with pytest.raises(ConfigError, match=rf"setting {name} of the model versioned-test-actor"):
        VersionedActor("grade_a", **settings)


def test_a_conversation_without_a_model_is_refused() -> None:
    with pytest.raises(ConfigError, match="save_skills"):
        VersionedActor("save_skills")


def test_a_missing_posting_is_refused() -> None:
    with pytest.raises(PermanentActorError):
        asyncio.run(VersionedActor("grade_a").answer({}))


@given(st.text(min_size=1).filter(str.strip), st.sampled_from(CONVERSATIONS))
def test_any_description_gives_a_valid_answer(description: str, conversation: str) -> None:
    answer = ask(conversation, {**POSTING, "description": description})
    validate_output(conversation, answer.output)
