"""Equal inputs claimed by two workers at once are one call, whatever happens to it meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ledger_driver import Driver
from tests.lock_waits import backend, background, wait_until_blocked
from ty_pipeline.ledger import work

STEP = "extract_summary"


def owe_equal(ledger: Driver, *names: str) -> None:
    ledger.fetch(*(ledger.job(n, title="T", description=ledger.text()) for n in names))
    ledger.run(until=STEP)


def test_two_workers_claiming_equal_inputs_make_one_call(ledger: Driver, second: Driver) -> None:
    owe_equal(ledger, "a", "b")
    with background() as start:
        with ledger.pipeline.transaction():
            (call,) = ledger.claim(STEP, limit=1).calls
            other = start(lambda: second.claim(STEP))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert (other.result().claimed, other.result().calls) == (1, ())
    ledger.complete(STEP, [call])
    assert [ledger.status(STEP, n) for n in "ab"] == ["completed"] * 2
    assert len(ledger.model_calls()) == 1


def test_a_claim_that_is_rolled_back_leaves_the_call_to_the_other(
    ledger: Driver, second: Driver
) -> None:
    owe_equal(ledger, "a", "b")
    with background() as start:
        with ledger.pipeline.transaction(force_rollback=True):
            ledger.claim(STEP, limit=1)
            other = start(lambda: second.claim(STEP))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert len(other.result().calls) == 1


ENDS: dict[str, Callable[[Driver, work.Call], object]] = {
    "completed": lambda driver, call: driver.complete(STEP, [call]),
    "failed": lambda driver, call: driver.fail([call], "schema"),
    "released": lambda driver, call: work.release_work(driver.pipeline, [call]),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_claim_passes_over_a_call_that_is_just_ending(
    ledger: Driver, second: Driver, end: str
) -> None:
    """It neither waits nor follows what may be gone; the next claim sees how it ended."""
    owe_equal(ledger, "a", "b")
    (call,) = ledger.claim(STEP, limit=1).calls
    with ledger.pipeline.transaction():
        ENDS[end](ledger, call)
        assert second.claim(STEP).claimed == 0
    claimed = second.claim(STEP)
    owed = {"completed": (1, 1, 0), "failed": (1, 0, 1), "released": (2, 0, 1)}[end]
    assert (claimed.claimed, claimed.reused, len(claimed.calls)) == owed


@pytest.mark.parametrize("end", ENDS)
def test_a_call_cannot_end_while_somebody_begins_to_follow_it(
    ledger: Driver, second: Driver, end: str
) -> None:
    owe_equal(ledger, "a", "b")
    (call,) = ledger.claim(STEP, limit=1).calls
    with background() as start:
        with second.pipeline.transaction():
            assert second.claim(STEP).calls == ()
            ended = start(lambda: ENDS[end](ledger, call))
            wait_until_blocked(ledger.owner, backend(ledger.pipeline))
        ended.result()
    expected = "completed" if end == "completed" else "scheduled"
    assert ledger.status(STEP, "b") == expected


@pytest.mark.parametrize("end", ENDS)
def test_releasing_a_follower_and_ending_its_leader_do_not_lock_each_other(
    ledger: Driver, second: Driver, end: str
) -> None:
    """The leader's end comes first at the follower's run, the release second."""
    owe_equal(ledger, "a", "b")
    (call,) = ledger.claim(STEP, limit=1).calls
    second.claim(STEP)
    follower = ledger.interactions(STEP)[1]
    follows = work.Call(
        actor_id=follower.actor_id, interaction_id=follower.interaction_id, fence=follower.fence,
        posting_id=follower.posting_id, round=0, input={},
    )  # fmt: skip
    with background() as start:
        with ledger.owner.transaction():
            ledger.owner.execute("select lock_runs(array[%s::bigint])", (follower.workflow_run_id,))
            ended = start(lambda: ENDS[end](ledger, call))
            wait_until_blocked(ledger.owner, backend(ledger.pipeline))
            released = start(lambda: work.release_work(second.pipeline, [follows]))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        ended.result()
        assert released.result() == 0  # it had ended with its leader
    assert ledger.status(STEP, "b") == ("completed" if end == "completed" else "scheduled")


def test_many_workers_make_one_call_of_each_text(ledger: Driver, second: Driver) -> None:
    texts, copies = 6, 5
    ledger.fetch(
        *(
            ledger.job(f"{t}-{n}", title=f"T{t}", description=ledger.text(str(t)))
            for n in range(copies)
            for t in range(texts)
        )
    )
    ledger.run(until=STEP)

    def work_off(driver: Driver) -> None:
        while driver.value(
            "select count(*) from run_node_state where status in ('scheduled', 'running')"
            " and partition_key = %s and conversation_id = 3335",
            driver.partition(),
        ):
            driver.complete(STEP, driver.claim(STEP, limit=3).calls)

    with background() as start:
        for one in [start(lambda d=d: work_off(d)) for d in (ledger, second)]:  # type: ignore[misc]
            one.result()
    assert len(ledger.model_calls()) == texts
    assert {i.status for i in ledger.interactions(STEP)} == {"completed"}
