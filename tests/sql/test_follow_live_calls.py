"""Equal inputs that are owed together are one call: the others follow the leader."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver, by_posting

STEP = "extract_summary"


def owe_equal(ledger: Driver, *names: str) -> None:
    ledger.fetch(*(ledger.job(n, title="T", description=ledger.text()) for n in names))
    ledger.run(until=STEP)


def test_equal_inputs_claimed_together_are_one_call(ledger: Driver) -> None:
    owe_equal(ledger, "a", "b", "c")
    claimed = ledger.claim(STEP)
    assert (claimed.claimed, len(claimed.calls)) == (3, 1)
    leader, *followers = ledger.interactions(STEP)
    assert claimed.calls[0].interaction_id == leader.interaction_id
    assert [f.reused_from for f in followers] == [leader.interaction_id] * 2
    assert {i.status for i in ledger.interactions(STEP)} == {"running"}


def test_the_leaders_answer_completes_its_followers(ledger: Driver) -> None:
    owe_equal(ledger, "a", "b", "c")
    ledger.complete(STEP, ledger.claim(STEP).calls)
    one, *others = ledger.interactions(STEP)
    for other in others:
        assert (other.status, other.output, other.branch) == ("completed", one.output, one.branch)
    assert [ledger.status("grade_a", name) for name in ("a", "b", "c")] == ["scheduled"] * 3


def test_a_later_claim_follows_a_call_that_is_live_already(ledger: Driver, second: Driver) -> None:
    owe_equal(ledger, "a", "b")
    (call,) = ledger.claim(STEP, limit=1).calls
    other = second.claim(STEP)
    assert (other.claimed, other.calls) == (1, ())
    ledger.complete(STEP, [call])
    assert [i.status for i in ledger.interactions(STEP)] == ["completed"] * 2
    assert len(ledger.model_calls()) == 1


def test_a_posting_of_another_partition_follows_too(ledger: Driver) -> None:
    owe_equal(ledger, "a")
    call = ledger.claim_one(STEP)
    ledger.fetch(ledger.job("b", title="T", description=ledger.text()), day="2026-01-06")
    ledger.run_step("validate_description", day="2026-01-06")
    assert ledger.claim(STEP, day="2026-01-06").calls == ()
    ledger.complete(STEP, [call])
    assert ledger.status(STEP, "b") == "completed"


@pytest.mark.parametrize("error_class", ["network", "schema"])
def test_followers_of_a_failed_call_are_owed_again(ledger: Driver, error_class: str) -> None:
    owe_equal(ledger, "a", "b")
    (call,) = ledger.claim(STEP).calls
    ledger.fail([call], error_class)
    leader, follower = ledger.interactions(STEP)
    assert (leader.status, follower.status) == ("failed", "superseded")
    assert follower.error_class is None
    assert ledger.status(STEP, "b") == "scheduled"
    assert ledger.node(STEP, "b").next_retry_at is None


def test_following_a_call_that_failed_is_no_attempt(ledger: Driver) -> None:
    owe_equal(ledger, "a", "b")
    for _ in range(4):
        calls = by_posting(ledger.claim(STEP), ledger)
        if "a" not in calls:
            break
        ledger.fail([calls["a"]], "network")
        ledger.forget_backoff()
    assert ledger.status(STEP, "a") == "failed"
    assert ledger.node(STEP, "b").attempt == 1  # its own first call, which is live
    ledger.complete(STEP, [calls["b"]])
    assert ledger.status(STEP, "b") == "completed"


def test_a_follower_becomes_leader_after_its_leader_failed(ledger: Driver) -> None:
    owe_equal(ledger, "a", "b")
    ledger.fail(ledger.claim(STEP).calls, "schema")
    (call,) = ledger.claim(STEP).calls
    assert call.posting_id == ledger.posting("b").posting_id
    ledger.complete(STEP, [call])
    assert (ledger.status(STEP, "a"), ledger.status(STEP, "b")) == ("failed", "completed")


def test_followers_of_an_undeclared_branch_are_owed_again(ledger: Driver) -> None:
    owe_equal(ledger, "a", "b")
    (call,) = ledger.claim(STEP).calls
    ledger.complete_with(STEP, call, {"role": "R"}, branch="sideways")
    leader, follower = ledger.interactions(STEP)
    assert (leader.status, leader.error_class) == ("failed", "undeclared_branch")
    assert (follower.status, follower.error_class) == ("superseded", None)
    assert ledger.status(STEP, "b") == "scheduled"


def test_followers_fall_with_the_lease_of_their_leader_and_are_owed_again(
    ledger: Driver, second: Driver
) -> None:
    owe_equal(ledger, "a", "b", "c")
    ledger.claim(STEP, limit=2)
    second.claim(STEP)
    leader = ledger.interactions(STEP)[0]
    ledger.expire([leader.interaction_id])
    ledger.pipeline.execute("select release_expired_work()")
    assert [i.status for i in ledger.interactions(STEP)] == ["superseded"] * 3
    assert [ledger.status(STEP, n) for n in ("a", "b", "c")] == ["scheduled"] * 3
    assert [ledger.node(STEP, n).attempt for n in ("a", "b", "c")] == [1, 0, 0]
    assert [i.attempt for i in ledger.interactions(STEP)] == [1, 1, 1]


def test_a_follower_whose_own_lease_ran_out_follows_again(ledger: Driver, second: Driver) -> None:
    owe_equal(ledger, "a", "b")
    (call,) = ledger.claim(STEP, limit=1).calls
    second.claim(STEP)
    follower = ledger.interactions(STEP)[1]
    for _ in range(4):  # longer than attempts would last
        ledger.expire([follower.interaction_id])
        ledger.pipeline.execute("select release_expired_work()")
        assert ledger.status(STEP, "b") == "scheduled"
        assert second.claim(STEP).calls == ()
        follower = ledger.interactions(STEP)[-1]
    ledger.complete(STEP, [call])
    assert ledger.status(STEP, "b") == "completed"


def test_a_refused_input_neither_leads_nor_follows(ledger: Driver) -> None:
    ledger.fetch(*(ledger.job(n, title="", description=ledger.text()) for n in ("a", "b")))
    ledger.run_step("validate_description")
    claimed = ledger.claim(STEP)
    assert (claimed.claimed, claimed.refused, claimed.calls) == (2, 2, ())
    assert {i.reused_from for i in ledger.interactions(STEP)} == {None}


def test_followers_make_no_call_of_their_own(ledger: Driver) -> None:
    owe_equal(ledger, "a", "b")
    ledger.complete(STEP, ledger.claim(STEP).calls)
    leader, follower = ledger.interactions(STEP)
    assert leader.duration_ms >= 0
    assert (follower.started_at >= leader.started_at, follower.duration_ms) == (True, 0)
