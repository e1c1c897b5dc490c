"""Claims, completions, heartbeats and takeovers at the same time: nobody waits in a circle."""

from __future__ import annotations

from tests.ledger_driver import Driver
from tests.lock_waits import backend, background, wait_until_blocked
from ty_pipeline.ledger import work

STEP = "extract_summary"


def owed(ledger: Driver, *names: str) -> None:
    ledger.fetch(*(ledger.job(n) for n in names))
    ledger.run(until=STEP)


def test_a_claim_skips_what_another_transaction_holds(ledger: Driver, second: Driver) -> None:
    ledger.fetch(ledger.job("a"), ledger.job("b"))
    with ledger.pipeline.transaction():
        assert ledger.script("validate_description") == (2, 0)
        assert second.script("validate_description") == (0, 0)
    assert second.script("validate_description") == (0, 0)


def test_a_claim_skips_a_posting_whose_content_is_moving(ledger: Driver, second: Driver) -> None:
    owed(ledger, "a", "b")
    with ledger.owner.transaction():
        ledger.owner.execute(
            "select lock_postings(array[%s::bigint])", (ledger.posting("a").posting_id,)
        )
        claimed = second.claim(STEP)
    assert [c.posting_id for c in claimed.calls] == [ledger.posting("b").posting_id]


def test_the_heartbeat_waits_for_no_completion(ledger: Driver, second: Driver) -> None:
    """So a worker that completes several calls while it renews them cannot wait for itself."""
    owed(ledger, "a", "b", "c")
    calls = ledger.claim(STEP).calls
    with ledger.pipeline.transaction():
        ledger.complete(STEP, calls[1:2])
        assert work.renew_leases(second.pipeline, ledger.worker) == 2
    assert work.renew_leases(second.pipeline, ledger.worker) == 2


def test_a_completion_waits_for_the_heartbeat_and_goes_on(ledger: Driver, second: Driver) -> None:
    owed(ledger, "a", "b", "c")
    calls = ledger.claim(STEP).calls
    with background() as start:
        with second.pipeline.transaction():
            assert work.renew_leases(second.pipeline, ledger.worker) == 3
            done = start(lambda: ledger.complete(STEP, calls))
            wait_until_blocked(ledger.owner, backend(ledger.pipeline))
        assert all(done.result().values())


def test_a_completion_and_a_takeover_agree_on_one_end(ledger: Driver, second: Driver) -> None:
    owed(ledger, "a")
    call = ledger.claim_one(STEP)
    ledger.expire([call.interaction_id])
    with background() as start:
        with ledger.pipeline.transaction():
            ledger.complete(STEP, [call])
            taken = start(lambda: work.release_expired_work(second.pipeline))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert taken.result() == 0
    assert ledger.interactions(STEP)[0].status == "completed"


def test_a_takeover_before_a_completion_wins(ledger: Driver, second: Driver) -> None:
    owed(ledger, "a")
    call = ledger.claim_one(STEP)
    ledger.expire([call.interaction_id])
    with background() as start:
        with second.pipeline.transaction():
            assert work.release_expired_work(second.pipeline) == 1
            late = start(lambda: ledger.complete(STEP, [call]))
            wait_until_blocked(ledger.owner, backend(ledger.pipeline))
        assert late.result() == {call.interaction_id: False}
    assert ledger.status(STEP, "a") == "scheduled"


def test_a_heartbeat_between_look_and_lock_wins_over_a_takeover(
    ledger: Driver, second: Driver
) -> None:
    owed(ledger, "a")
    call = ledger.claim_one(STEP)
    ledger.expire([call.interaction_id])
    with background() as start:
        with ledger.owner.transaction():
            ledger.owner.execute(
                "select from interactions where interaction_id = %s for update",
                (call.interaction_id,),
            )
            taken = start(lambda: work.release_expired_work(second.pipeline))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
            work.renew_leases(ledger.pipeline, ledger.worker)
        assert taken.result() == 0
    assert ledger.status(STEP, "a") == "running"


def test_two_takeovers_release_each_claim_once(ledger: Driver, second: Driver) -> None:
    owed(ledger, "a", "b")
    ledger.expire([c.interaction_id for c in ledger.claim(STEP).calls])
    with background() as start:
        with ledger.pipeline.transaction():
            first = work.release_expired_work(ledger.pipeline)
            other = start(lambda: work.release_expired_work(second.pipeline))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert (first, other.result()) == (2, 0)


def test_completions_of_the_same_calls_in_opposite_orders_do_not_lock_each_other(
    ledger: Driver, second: Driver
) -> None:
    names = [f"j{n}" for n in range(12)]
    owed(ledger, *names)
    calls = ledger.claim(STEP).calls
    with background() as start:
        with ledger.owner.transaction():
            ledger.owner.execute(
                "select lock_postings(array[%s::bigint])", (ledger.posting("j5").posting_id,)
            )
            one = start(lambda: ledger.complete(STEP, calls))
            wait_until_blocked(ledger.owner, backend(ledger.pipeline))
            other = start(lambda: second.complete(STEP, calls[::-1]))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert all(one.result().values()) and all(other.result().values())
    delivered = ledger.value(
        "select count(*) from run_inbox_messages where producer_interaction_id = any(%s)",
        [c.interaction_id for c in calls],
    )
    read_by = "select count(distinct (conversation_id, round, handle)) from conversation_inputs"
    assert delivered == 12 * ledger.value(f"{read_by} where producer_conversation_id = 3335")


def test_a_fetch_taken_over_while_its_late_worker_reports_ends_once(
    ledger: Driver, second: Driver
) -> None:
    fetch = ledger.open()
    ledger.expire([fetch.interaction_id or 0])
    with background() as start:
        with second.pipeline.transaction():
            assert second.open().state == "claimed"
            late = start(lambda: ledger.end_fetch(fetch))
            wait_until_blocked(ledger.owner, backend(ledger.pipeline))
        assert late.result() is False


def test_a_late_worker_that_reports_first_keeps_its_fetch(ledger: Driver, second: Driver) -> None:
    fetch = ledger.open()
    ledger.expire([fetch.interaction_id or 0])
    with background() as start:
        with ledger.pipeline.transaction():
            assert ledger.end_fetch(fetch)
            other = start(second.open)
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert other.result().state == "completed"


def test_an_invalidation_waits_for_engine_work_and_engine_work_for_it(
    ledger: Driver, second: Driver
) -> None:
    owed(ledger, "a")
    call = ledger.claim_one(STEP)
    with background() as start:
        with ledger.owner.transaction():
            ledger.owner.execute("select enter_gate_exclusive()")
            done = start(lambda: second.complete(STEP, [call]))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
            assert ledger.status(STEP, "a") == "running"
        assert all(done.result().values())
