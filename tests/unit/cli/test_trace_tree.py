"""The tree of ``trace``: the whole story, and nothing in it that acts on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rich.console import Console

from ty_pipeline.cli.trace import tree
from ty_pipeline.ledger.tracing import (
    ConsumedInput,
    ContentVersion,
    NodeState,
    PostingOverview,
    Sighting,
    Trace,
    TracedInteraction,
)

NOW = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
HOSTILE = "\x1b]0;owned\x07 [bold red]Engineer[/] :smile: \u202egnp.exe"

POSTING = PostingOverview(
    posting_id=12, source_id="sample", external_id="gh-4001", status="active",
    partition_key="2026-01-05|sample", first_seen_on=date(2026, 1, 5), last_seen_on=None,
    current_version_id=9, title="Engineer", company="Example Ltd", locations=["Berlin"], url=None,
    posted_on=None, extracted_summary="**Role:** Engineer", extracted_summary_interaction_id=31,
    extracted_summary_stale_since=None, skill_keywords=None, skill_keywords_interaction_id=None,
    skill_keywords_stale_since=None, ihl_score=12, ihl_category="GENUINE", ihl_interaction_id=40,
    ihl_stale_since=NOW,
)  # fmt: skip
VERSION = ContentVersion(
    posting_version_id=9, is_current=True, title="Engineer", company="Example Ltd",
    locations=["Berlin"], posted_on=None, description_characters=1234,
    sightings=(
        Sighting(
            partition_key="2026-01-05|sample", row_number=3, fetch_interaction_id=1, is_supported=True
        ),
    ),
)  # fmt: skip
GRADE = TracedInteraction(
    interaction_id=30, conversation_id=3336, canonical_name="regrade", conversation_version=2,
    round=1, attempt=2, status="completed", is_current=True, actor_type="ai_model",
    model="regrade-rules-1", branch="pass", enabled=True, invalidated=False,
    invalidation_reason=None, reused_from=None, error_class=None, error_message=None, queued_at=NOW,
    started_at=NOW, completed_at=NOW, duration_ms=1250, tokens_in=None, tokens_out=None,
    dagster_run_id=None, prompt="Grade it.", input={"posting": {"title": "Engineer"}},
    output={"verdict": "pass"},
    inputs=(
        ConsumedInput(
            handle="posting", input_interaction_id=None, input_canonical_name=None,
            input_round=None, posting_version_id=9, trigger_input_id=None,
        ),
        ConsumedInput(
            handle="summary", input_interaction_id=29, input_canonical_name="improve_summary",
            input_round=1, posting_version_id=None, trigger_input_id=None,
        ),
    ),
)  # fmt: skip
STORY = Trace(posting=POSTING, versions=(VERSION,), interactions=(GRADE,), nodes=())


def shown(story: Trace, *, verbose: bool = False) -> str:
    console = Console(file=io.StringIO(), width=500, highlight=False, markup=False, emoji=False)
    console.print(tree(story, verbose=verbose))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def with_interaction(**changes: Any) -> Trace:
    return replace(STORY, interactions=(replace(GRADE, **changes),))


@pytest.mark.parametrize(
    "line",
    [
        "posting 12 sample:gh-4001 · active",
        "summary <- interaction 31",
        "skills: none",
        "ihl <- interaction 40 · stale since 2026-01-05 12:30:00+00:00: 12 GENUINE",
        "version 9 · current · Engineer · Example Ltd · Berlin · 1,234 characters",
        "seen in 2026-01-05|sample, row 3, by fetch interaction 1",
        "30 regrade round 1 · completed · ai_model regrade-rules-1 · 1,250 ms",
        "1,250 ms · attempt 2 · branch pass · current",
        "inputs: posting <- version 9, summary <- interaction 29 (improve_summary round 1)",
    ],
)
def test_the_story_is_told_by_ids(line: str) -> None:
    assert line in shown(STORY)


def test_prompt_input_and_answer_come_with_verbose_only() -> None:
    assert "Grade it." not in shown(STORY)
    told = shown(STORY, verbose=True)
    assert "prompt version 2" in told
    assert "Grade it." in told
    assert '"title": "Engineer"' in told
    assert '"verdict": "pass"' in told
    assert "**Role:** Engineer" in told


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"reused_from": 7}, "reused from interaction 7: no call of its own"),
        (
            {"status": "failed", "error_class": "timeout", "error_message": "no answer in 600 s"},
            "timeout: no answer in 600 s",
        ),
        ({"invalidated": True, "invalidation_reason": "wrong model"}, "invalidated: wrong model"),
        ({"enabled": False}, "disabled by an operator"),
        ({"duration_ms": None, "branch": None, "status": "running"}, "running · ai_model"),
    ],
)
def test_what_is_special_about_an_interaction_is_said(changes: dict[str, Any], line: str) -> None:
    assert line in shown(with_interaction(**changes))


def test_unfinished_steps_say_what_they_wait_for() -> None:
    node = NodeState(
        canonical_name="create_ticket", round=0, status="suspended", interaction_id=30,
        owed_since=None, next_retry_at=None, lease_owner=None, lease_expires_at=None,
        suspension_reason="three rounds failed", suspension_deadline=NOW,
    )  # fmt: skip
    told = shown(replace(STORY, nodes=(node, replace(node, status="completed"))))
    assert "create_ticket · suspended · three rounds failed · wanted by 2026-01-05" in told
    assert told.count("create_ticket") == 1


def test_text_of_a_posting_neither_acts_on_the_terminal_nor_reads_as_markup() -> None:
    hostile = Trace(
        posting=replace(
            POSTING, external_id=HOSTILE, extracted_summary=HOSTILE, skill_keywords=[HOSTILE],
            skill_keywords_interaction_id=33,
        ),
        versions=(replace(VERSION, title=HOSTILE, company=HOSTILE, locations=[HOSTILE]),),
        interactions=(
            replace(
                GRADE, prompt=HOSTILE, input={"posting": HOSTILE}, output={HOSTILE: HOSTILE},
                error_class="schema", error_message=HOSTILE,
            ),
        ),
        nodes=(),
    )  # fmt: skip
    told = shown(hostile, verbose=True)
    assert not {"\x1b", "\x07", "\u202e"} & set(told)
    assert "[bold red]Engineer[/] :smile:" in told
    assert "\\x1b]0;owned" in told
