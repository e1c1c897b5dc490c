"""Two producers of one reader finish at the same time: the reader is owed once, whoever is first."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.canned_answers import Verdict
from tests.ledger_driver import Driver
from tests.lock_waits import backend, background, wait_until_blocked

ORDERS = (("grade_a", "grade_b"), ("grade_b", "grade_a"))
VERDICTS: tuple[Verdict, ...] = ("pass", "fail")


def owed_to(a: Verdict, b: Verdict) -> tuple[str, int]:
    """Step and round that follow from both verdicts."""
    return ("format_summary", 0) if (a, b) == ("pass", "pass") else ("improve_summary", 1)


def live_grades(ledger: Driver) -> dict[str, Any]:
    ledger.fetch()
    ledger.run(until="grade_a")
    return {step: ledger.claim_one(step) for step in ("grade_a", "grade_b")}


def readers(ledger: Driver) -> list[tuple[str, int, str]]:
    return [
        (step, round_, ledger.status(step, round_=round_))
        for step, round_ in (("format_summary", 0), ("improve_summary", 1))
        if ledger.status(step, round_=round_) != "idle"
    ]


@pytest.mark.parametrize(("first", "then"), ORDERS)
@pytest.mark.parametrize(("a", "b"), list(itertools.product(VERDICTS, VERDICTS)))
def test_the_second_waits_for_the_first_to_commit_and_then_schedules(
    ledger: Driver, second: Driver, first: str, then: str, a: Verdict, b: Verdict
) -> None:
    calls, verdicts = live_grades(ledger), {"grade_a": a, "grade_b": b}
    with background() as start:
        with ledger.pipeline.transaction():
            ledger.complete(first, [calls[first]], verdict=verdicts[first])
            other = start(lambda: second.complete(then, [calls[then]], verdict=verdicts[then]))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
            assert readers(ledger) == []
        assert all(other.result().values())
    assert readers(ledger) == [(*owed_to(a, b), "scheduled")]


@pytest.mark.parametrize(("first", "then"), ORDERS)
def test_the_second_alone_schedules_nothing_when_the_first_rolls_back(
    ledger: Driver, second: Driver, first: str, then: str
) -> None:
    calls = live_grades(ledger)
    with background() as start:
        with ledger.pipeline.transaction(force_rollback=True):
            ledger.complete(first, [calls[first]])
            other = start(lambda: second.complete(then, [calls[then]]))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert all(other.result().values())
    assert readers(ledger) == []
    ledger.complete(first, [calls[first]])
    assert readers(ledger) == [("format_summary", 0, "scheduled")]


@pytest.mark.parametrize(("first", "then"), ORDERS)
def test_both_wait_for_a_third_and_then_go_one_after_the_other(
    ledger: Driver, second: Driver, first: str, then: str
) -> None:
    """Neither has looked yet when the other may: both are queued at the lock of the run."""
    calls = live_grades(ledger)
    with background() as start:
        with ledger.owner.transaction():
            ledger.owner.execute(
                "select lock_postings(array[%s::bigint])", (ledger.posting().posting_id,)
            )
            one = start(lambda: ledger.complete(first, [calls[first]], verdict="fail"))
            wait_until_blocked(ledger.owner, backend(ledger.pipeline))
            other = start(lambda: second.complete(then, [calls[then]]))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert all(one.result().values()) and all(other.result().values())
    assert readers(ledger) == [("improve_summary", 1, "scheduled")]


def test_a_verdict_and_a_failure_at_once_schedule_nothing(ledger: Driver, second: Driver) -> None:
    calls = live_grades(ledger)
    with background() as start:
        with ledger.pipeline.transaction():
            ledger.complete("grade_a", [calls["grade_a"]])
            other = start(lambda: second.fail([calls["grade_b"]]))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert other.result() == 1
    assert readers(ledger) == []
    assert ledger.status("grade_b") == "scheduled"


def test_many_postings_joined_by_two_workers_are_each_owed_once(
    ledger: Driver, second: Driver
) -> None:
    names = [f"j{n}" for n in range(40)]
    ledger.fetch(*(ledger.job(n) for n in names))
    ledger.run(until="grade_a")
    graders = {step: ledger.claim(step).calls for step in ("grade_a", "grade_b")}
    with background() as start:
        one = start(lambda: [ledger.complete("grade_a", [c]) for c in graders["grade_a"]])
        other = start(
            lambda: [second.complete("grade_b", [c]) for c in reversed(graders["grade_b"])]
        )
        one.result(), other.result()
    assert [ledger.status("format_summary", n) for n in names] == ["scheduled"] * 40
    assert ledger.run_step("format_summary") == 40
