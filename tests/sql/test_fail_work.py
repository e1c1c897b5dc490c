"""Failures: classed, counted, tried again or not, and never contagious."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver, by_posting
from ty_pipeline.ledger import work

STEP = "extract_summary"
RETRYABLE = ("network", "timeout", "rate_limited", "server_error", "lease_expired")
PERMANENT = ("invalid_input", "schema", "auth", "client_error", "unexpected")


def claimed(ledger: Driver, *names: str) -> dict[str, work.Call]:
    ledger.fetch(*(ledger.job(n) for n in names or ("j1",)))
    ledger.run(until=STEP)
    return by_posting(ledger.claim(STEP), ledger)


def seconds_to_retry(ledger: Driver) -> float:
    return float(
        ledger.value(
            "select extract(epoch from n.next_retry_at - i.completed_at) from run_node_state n"
            " join interactions i using (interaction_id) where n.posting_id = %s and n.next_retry_at is not null",
            ledger.posting().posting_id,
        )
    )


@pytest.mark.parametrize("error_class", RETRYABLE)
def test_a_retryable_failure_is_owed_again(ledger: Driver, error_class: str) -> None:
    ledger.fail([claimed(ledger)["j1"]], error_class)
    (one,) = ledger.interactions(STEP)
    node = ledger.node(STEP)
    assert (one.status, one.error_class, one.error_message) == (
        "failed",
        error_class,
        "it did not work",
    )
    assert (node.status, node.attempt, node.lease_owner) == ("scheduled", 1, None)
    assert node.interaction_id == one.interaction_id


@pytest.mark.parametrize("error_class", PERMANENT)
def test_a_permanent_failure_fails_at_once(ledger: Driver, error_class: str) -> None:
    ledger.fail([claimed(ledger)["j1"]], error_class)
    assert ledger.status(STEP) == "failed"
    ledger.forget_backoff()
    assert ledger.claim(STEP).claimed == 0


def test_every_declared_class_is_tried_here(ledger: Driver) -> None:
    declared = {r.error_class: r.is_retryable for r in ledger.rows("select * from error_classes")}
    assert {c for c, retryable in declared.items() if retryable} == set(RETRYABLE)
    of_other_ways = {"undeclared_branch", "feed_unreadable", "not_refetchable"}
    assert {c for c, retryable in declared.items() if not retryable} - of_other_ways == set(
        PERMANENT
    )


@pytest.mark.parametrize("attempt", [1, 2])
def test_the_back_off_doubles_and_is_jittered_below_its_bound(ledger: Driver, attempt: int) -> None:
    call = claimed(ledger)["j1"]
    for _ in range(attempt - 1):
        ledger.fail([call])
        ledger.forget_backoff()
        call = ledger.claim_one(STEP)
    ledger.fail([call])
    assert 0 <= seconds_to_retry(ledger) <= 2**attempt + 0.5


def test_what_the_server_asked_for_wins_over_the_back_off(ledger: Driver) -> None:
    ledger.fail([claimed(ledger)["j1"]], "rate_limited", after=90.0)
    assert 90.0 <= seconds_to_retry(ledger) <= 90.5


def test_a_retry_is_not_claimable_before_its_time(ledger: Driver) -> None:
    ledger.fail([claimed(ledger)["j1"]], after=3600)
    assert ledger.claim(STEP).claimed == 0
    ledger.forget_backoff()
    assert ledger.claim(STEP).claimed == 1


def test_back_offs_of_one_batch_differ(ledger: Driver) -> None:
    names = tuple(f"j{n}" for n in range(6))
    ledger.fail(list(claimed(ledger, *names).values()))
    times = {ledger.node(STEP, name).next_retry_at for name in names}
    assert len(times) == len(names)


def test_three_attempts_are_made_and_no_fourth(ledger: Driver) -> None:
    calls = claimed(ledger)
    for attempt in (1, 2, 3):
        assert ledger.interactions(STEP)[-1].attempt == attempt
        ledger.fail(list(calls.values()))
        ledger.forget_backoff()
        calls = by_posting(ledger.claim(STEP), ledger)
    assert calls == {}
    assert ledger.status(STEP) == "failed"
    assert [i.retry_count for i in ledger.interactions(STEP)] == [0, 1, 2]
    assert {i.status for i in ledger.interactions(STEP)} == {"failed"}


def test_a_third_attempt_may_succeed(ledger: Driver) -> None:
    (call,) = claimed(ledger).values()
    for _ in (1, 2):
        ledger.fail([call])
        ledger.forget_backoff()
        call = ledger.claim_one(STEP)
    ledger.complete(STEP, [call])
    node = ledger.node(STEP)
    assert (node.status, node.attempt, node.interaction_id) == ("completed", 3, call.interaction_id)


def test_one_bad_posting_stops_no_other(ledger: Driver) -> None:
    calls = claimed(ledger, "good", "bad", "fine")
    ledger.fail([calls.pop("bad")], "schema")
    ledger.complete(STEP, calls.values())
    ledger.run()
    assert [ledger.posting(n).extracted_summary is None for n in ("good", "bad", "fine")] == [
        False, True, False,
    ]  # fmt: skip
    assert ledger.posting("bad").ihl_score == 12


def test_a_failure_of_a_lost_claim_counts_nothing(ledger: Driver) -> None:
    call = claimed(ledger)["j1"]
    work.release_work(ledger.pipeline, [call])
    assert ledger.fail([call]) == 0
    assert ledger.interactions(STEP)[0].status == "superseded"
    retry = ledger.claim_one(STEP)
    assert ledger.fail([call], "schema") == 0
    assert ledger.status(STEP) == "running"
    assert ledger.fail([retry]) == 1


def test_the_same_failure_reported_twice_counts_once(ledger: Driver) -> None:
    call = claimed(ledger)["j1"]
    assert (ledger.fail([call]), ledger.fail([call])) == (1, 0)
    assert ledger.node(STEP).attempt == 1


def test_failures_of_several_classes_are_reported_together(ledger: Driver) -> None:
    calls = claimed(ledger, "a", "b", "c")
    failures = [
        work.Failure(interaction_id=c.interaction_id, fence=c.fence, error_class=kind, message=name)
        for (name, c), kind in zip(calls.items(), ("network", "schema", "timeout"), strict=True)
    ]
    assert work.fail_work(ledger.pipeline, failures) == 3
    kinds = {i.error_message: i.error_class for i in ledger.interactions(STEP)}
    assert list(kinds.values()).count("schema") == 1
    assert sorted(kinds) == ["a", "b", "c"]
    assert sorted(ledger.status(STEP, n) for n in "abc") == ["failed", "scheduled", "scheduled"]


def test_an_undeclared_class_is_recorded_as_unexpected_and_says_so(ledger: Driver) -> None:
    assert ledger.fail([claimed(ledger)["j1"]], "cosmic_ray") == 1
    (one,) = ledger.interactions(STEP)
    assert (one.status, one.error_class) == ("failed", "unexpected")
    assert "cosmic_ray" in one.error_message
    assert ledger.status(STEP) == "failed"


def test_a_long_message_is_cut_to_a_thousand_characters(ledger: Driver) -> None:
    call = claimed(ledger)["j1"]
    failure = work.Failure(
        interaction_id=call.interaction_id,
        fence=call.fence,
        error_class="schema",
        message="x" * 5000,
    )
    work.fail_work(ledger.pipeline, [failure])
    assert len(ledger.interactions(STEP)[0].error_message) == 1000


def test_failures_on_other_content_are_not_counted_for_the_new(ledger: Driver) -> None:
    call = claimed(ledger)["j1"]
    ledger.fail([call])
    ledger.fetch(ledger.job(description=ledger.text("newer")), day="2026-01-06")
    ledger.run_step("validate_description", day="2026-01-06")
    node = ledger.node(STEP)
    assert (node.status, node.attempt, node.next_retry_at) == ("scheduled", 0, None)


def test_a_failed_node_is_owed_again_when_its_content_changes(ledger: Driver) -> None:
    ledger.fail([claimed(ledger)["j1"]], "schema")
    ledger.fetch(ledger.job(description=ledger.text("newer")), day="2026-01-06")
    ledger.run(day="2026-01-06")
    assert ledger.status(STEP) == "completed"


def test_a_call_that_fails_after_its_content_moved_leaves_the_new_content_owed(
    ledger: Driver,
) -> None:
    call = claimed(ledger)["j1"]
    ledger.fetch(ledger.job(description=ledger.text("newer")), day="2026-01-06")
    ledger.run_step("validate_description", day="2026-01-06")
    ledger.fail([call], "schema")
    node = ledger.node(STEP)
    assert (node.status, node.attempt, node.lease_owner) == ("scheduled", 0, None)
