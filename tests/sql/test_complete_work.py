"""Answers: accepted once, fenced, and written with everything that follows from them."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver, by_posting, result, step_id
from ty_pipeline.ledger import work

STEP = "extract_summary"


def claimed(ledger: Driver, *names: str) -> list[work.Call]:
    """A live call for each posting, in the order of the names."""
    names = names or ("j1",)
    ledger.fetch(*(ledger.job(n) for n in names))
    ledger.run(until=STEP)
    calls = by_posting(ledger.claim(STEP), ledger)
    return [calls[name] for name in names]


def late_answers(ledger: Driver, call: work.Call) -> list[object]:
    return [
        r.output
        for r in ledger.rows(
            "select output from late_answers where interaction_id = %s", call.interaction_id
        )
    ]


def test_the_same_answer_reported_twice_is_accepted_twice_and_written_once(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    assert ledger.complete(STEP, [call]) == {call.interaction_id: True}
    before = ledger.rows(
        "select * from interactions where interaction_id = %s", call.interaction_id
    )
    messages = "select count(*) from run_inbox_messages where producer_interaction_id = %s"
    delivered = ledger.value(messages, call.interaction_id)
    assert ledger.complete(STEP, [call]) == {call.interaction_id: True}
    assert before == ledger.rows(
        "select * from interactions where interaction_id = %s", call.interaction_id
    )
    assert ledger.value(messages, call.interaction_id) == delivered
    assert late_answers(ledger, call) == []


def test_an_answer_after_release_is_kept_and_never_counts(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    work.release_work(ledger.pipeline, [call])
    assert ledger.complete(STEP, [call]) == {call.interaction_id: False}
    assert len(late_answers(ledger, call)) == 1
    assert ledger.status(STEP) == "scheduled"
    assert ledger.status("grade_a") == "idle"
    (one,) = ledger.interactions(STEP)
    assert (one.status, one.output) == ("superseded", None)


def test_an_answer_after_the_lease_ran_out_loses_to_the_retry(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    ledger.expire([call.interaction_id])
    work.release_expired_work(ledger.pipeline)
    retry = ledger.claim_one(STEP)
    assert retry.fence > call.fence
    assert ledger.complete(STEP, [call], details="late") == {call.interaction_id: False}
    assert ledger.complete(STEP, [retry], details="in time") == {retry.interaction_id: True}
    assert [i.status for i in ledger.interactions(STEP)] == ["superseded", "completed"]
    ledger.run()
    assert "in time" in ledger.posting().extracted_summary
    assert [answer["details"] for answer in late_answers(ledger, call)] == ["late"]  # type: ignore[index]


def test_an_answer_after_the_failure_of_its_own_call_is_kept_and_never_counts(
    ledger: Driver,
) -> None:
    (call,) = claimed(ledger)
    ledger.fail([call], "timeout")
    assert ledger.complete(STEP, [call]) == {call.interaction_id: False}
    assert len(late_answers(ledger, call)) == 1
    assert (ledger.interactions(STEP)[0].status, ledger.status(STEP)) == ("failed", "scheduled")


def test_an_undeclared_branch_reported_twice_is_accepted_twice(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    for _ in range(2):
        assert ledger.complete_with(STEP, call, {"role": "R"}, branch="sideways")
    assert late_answers(ledger, call) == []


def test_a_late_answer_reported_twice_is_kept_once(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    work.release_work(ledger.pipeline, [call])
    ledger.complete(STEP, [call])
    ledger.complete(STEP, [call])
    assert len(late_answers(ledger, call)) == 1


@pytest.mark.parametrize("offset", [-1, 1])
def test_an_answer_with_another_fence_is_refused(ledger: Driver, offset: int) -> None:
    (call,) = claimed(ledger)
    forged = work.Call(**{**vars(call), "fence": call.fence + offset})
    assert ledger.complete(STEP, [forged]) == {call.interaction_id: False}
    assert ledger.status(STEP) == "running"
    assert ledger.complete(STEP, [call]) == {call.interaction_id: True}


def test_an_answer_to_an_interaction_that_does_not_exist_is_refused(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    forged = work.Call(**{**vars(call), "interaction_id": 10**12})
    assert ledger.complete(STEP, [forged, call]) == {10**12: False, call.interaction_id: True}


def test_an_answer_to_another_step_is_refused(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    done = work.complete_work(
        ledger.pipeline, 3001, step_id("ihl_analyst"), [result(call, {"verdict": "GENUINE"}, "*")]
    )
    assert done == {call.interaction_id: False}
    assert ledger.status(STEP) == "running"


def test_an_undeclared_branch_is_a_loud_failure(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    ledger.complete_with(STEP, call, {"role": "R"}, branch="success")
    (one,) = ledger.interactions(STEP)
    assert (one.status, one.error_class) == ("failed", "undeclared_branch")
    assert ledger.status(STEP) == "failed"
    assert ledger.claim(STEP).claimed == 0
    assert ledger.status("grade_a") == "idle"


@pytest.mark.parametrize("branch", ["PASS", " pass", "passed", "", "*"])
def test_branches_match_exactly(ledger: Driver, branch: str) -> None:
    ledger.fetch()
    ledger.run(until="grade_a")
    call = ledger.claim_one("grade_a")
    ledger.complete_with("grade_a", call, {"verdict": "pass"}, branch=branch)
    assert ledger.interactions("grade_a")[0].error_class == "undeclared_branch"


def test_one_undeclared_branch_does_not_spoil_the_batch(ledger: Driver) -> None:
    good, bad = claimed(ledger, "good", "bad")
    done = work.complete_work(
        ledger.pipeline, 3001, step_id(STEP),
        [result(bad, {"role": "R"}, "nowhere"), result(good, {"role": "R"}, "*")],
    )  # fmt: skip
    assert set(done) == {good.interaction_id, bad.interaction_id}
    assert (ledger.status(STEP, "good"), ledger.status(STEP, "bad")) == ("completed", "failed")


def test_tokens_and_digest_are_recorded_with_the_answer(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    answer = work.Result(
        interaction_id=call.interaction_id, fence=call.fence, output={"role": "R"}, branch="*",
        tokens_in=120, tokens_out=7,
    )  # fmt: skip
    work.complete_work(ledger.pipeline, 3001, step_id(STEP), [answer])
    (one,) = ledger.interactions(STEP)
    assert (one.tokens_in, one.tokens_out, one.output) == (120, 7, {"role": "R"})
    assert one.output_hash == ledger.value(
        "select sha256(convert_to(output::text, 'UTF8')) from interactions where interaction_id = %s",
        one.interaction_id,
    )
    assert one.duration_ms >= 0


def test_an_overtaken_answer_is_completed_and_valid_and_not_current(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    ledger.fetch(ledger.job(description=ledger.text("newer")), day="2026-01-06")
    ledger.run_step("validate_description", day="2026-01-06")
    assert ledger.status(STEP) == "running"  # one live attempt a node
    assert ledger.complete(STEP, [call]) == {call.interaction_id: True}
    (one,) = ledger.interactions(STEP)
    assert (one.status, one.invalidated, one.enabled) == ("completed", False, True)
    node = ledger.node(STEP)
    assert (node.status, node.attempt, node.interaction_id) == ("scheduled", 0, None)
    (fresh,) = ledger.claim(STEP, day="2026-01-06").calls
    assert "newer" in fresh.input["posting"]["description"]


def test_an_answer_of_a_disabled_interaction_is_recorded_and_withdrawn(ledger: Driver) -> None:
    (call,) = claimed(ledger)
    ledger.owner.execute(
        "update interactions set enabled = false where interaction_id = %s", (call.interaction_id,)
    )
    assert ledger.complete(STEP, [call]) == {call.interaction_id: True}
    assert ledger.status(STEP) == "paused"
    assert ledger.status("grade_a") == "idle"


def test_an_answer_of_a_disabled_save_publishes_nothing(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="save_ihl")
    call = ledger.interactions("ihl_expert")[0]
    ledger.owner.execute(
        "update interactions set enabled = false where interaction_id = %s", (call.interaction_id,)
    )
    ledger.run()
    assert ledger.posting().ihl_score is None


def test_nothing_reported_is_nothing_done(ledger: Driver) -> None:
    assert work.complete_work(ledger.pipeline, 3001, step_id(STEP), []) == {}


@pytest.mark.parametrize(("seconds", "recorded"), [(0.0, 0.0), (3600.0, None), (None, None)])
def test_a_call_began_as_long_ago_as_it_took_and_never_before_its_claim(
    ledger: Driver, seconds: float | None, recorded: float | None
) -> None:
    """``recorded`` is None where all of the time since the claim counts."""
    (call,) = claimed(ledger)
    answer = work.Result(
        interaction_id=call.interaction_id,
        fence=call.fence,
        output={"role": "R"},
        branch="*",
        seconds=seconds,
    )
    work.complete_work(ledger.pipeline, 3001, step_id(STEP), [answer])
    (one,) = ledger.interactions(STEP)
    assert one.created_at <= one.started_at <= one.completed_at
    if recorded is not None:
        assert one.duration_ms == recorded
