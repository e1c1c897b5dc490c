"""Claims given back unanswered by a worker that stops."""

from __future__ import annotations

from tests.ledger_driver import Driver
from ty_pipeline.ledger import work

STEP = "extract_summary"


def test_a_released_claim_is_owed_again_at_once(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    call = ledger.claim_one(STEP)
    assert work.release_work(ledger.pipeline, [call]) == 1
    (one,) = ledger.interactions(STEP)
    node = ledger.node(STEP)
    assert one.status == "superseded"
    assert (node.status, node.next_retry_at, node.lease_owner) == ("scheduled", None, None)
    assert ledger.claim_one(STEP).fence > call.fence


def test_only_the_holder_of_the_fence_can_release(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    call = ledger.claim_one(STEP)
    assert work.release_work(ledger.pipeline, [work.Call(**{**vars(call), "fence": 1})]) == 0
    assert ledger.status(STEP) == "running"


def test_a_claim_is_released_once(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    call = ledger.claim_one(STEP)
    assert [work.release_work(ledger.pipeline, [call]) for _ in range(2)] == [1, 0]
    retry = ledger.claim_one(STEP)
    assert work.release_work(ledger.pipeline, [call]) == 0
    assert ledger.complete(STEP, [retry]) == {retry.interaction_id: True}


def test_followers_are_released_with_their_leader(ledger: Driver) -> None:
    ledger.fetch(*(ledger.job(n, title="T", description=ledger.text()) for n in "ab"))
    ledger.run(until=STEP)
    (call,) = ledger.claim(STEP).calls
    assert work.release_work(ledger.pipeline, [call]) == 2
    assert [ledger.status(STEP, n) for n in "ab"] == ["scheduled"] * 2


def test_an_ended_interaction_is_not_released(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    call = ledger.claim_one(STEP)
    ledger.complete(STEP, [call])
    assert work.release_work(ledger.pipeline, [call]) == 0
    assert ledger.status(STEP) == "completed"


def test_releasing_nothing_is_nothing(ledger: Driver) -> None:
    assert work.release_work(ledger.pipeline, []) == 0
