"""What ``run`` says of its runs, and when it has failed."""

from __future__ import annotations

from typing import Any

import pytest

from ty_pipeline.cli import run as command
from ty_pipeline.runs import AssetOutcome, RunOutcome


def outcome(*assets: AssetOutcome, **changes: Any) -> RunOutcome:
    values: dict[str, Any] = {
        "run_id": "r1", "partition_key": "2026-01-05|sample", "success": True, "assets": assets,
        "problem": None,
    }  # fmt: skip
    return RunOutcome(**(values | changes))


def asset(name: str, **counts: int) -> AssetOutcome:
    return AssetOutcome(asset=name, counts=counts, is_whole=not counts.get("failed"))


def test_one_line_a_partition_adds_the_assets_up() -> None:
    said = command._sentence(
        outcome(
            asset("staged_postings", rows=4, seen=1),
            asset("postings", new=2, changed=1, seen=0, completed=3),
            asset("extracted_summaries", completed=2, reused=1, failed=0),
            asset("graded_summaries", completed=4, suspended=1, remaining=2),
        )
    )
    assert said == (
        "2026-01-05|sample: 2 new, 1 changed, 1 seen, 10 interactions done, 1 wait for a person,"
        " 2 left for another run, 0 failed (run r1)"
    )


def test_a_failed_run_says_why_and_names_the_partition_once() -> None:
    failed = outcome(success=False, problem="2026-01-05|sample: The feed is missing.")
    assert command._sentence(failed) == "2026-01-05|sample: failed: The feed is missing. (run r1)"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (outcome(asset("postings", completed=3)), False),
        (outcome(asset("postings", completed=3, remaining=2)), False),
        (outcome(asset("ihl_scores", completed=3, failed=1)), True),
        (outcome(success=False, problem="gone"), True),
    ],
)
def test_anything_that_failed_makes_the_command_fail(given: RunOutcome, expected: bool) -> None:
    assert command._has_failed(given) is expected
