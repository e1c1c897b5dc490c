"""Claims whose lease ran out are owed again, whoever held them."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver, by_posting
from ty_pipeline.ledger import work
from ty_pipeline.ledger.work import Worker

STEP = "extract_summary"


def claimed(ledger: Driver, *names: str) -> dict[str, work.Call]:
    ledger.fetch(*(ledger.job(n) for n in names or ("j1",)))
    ledger.run(until=STEP)
    return by_posting(ledger.claim(STEP), ledger)


def test_a_live_lease_is_left_alone(ledger: Driver) -> None:
    claimed(ledger)
    assert work.release_expired_work(ledger.pipeline) == 0
    assert ledger.status(STEP) == "running"


def test_an_expired_claim_is_owed_again_and_its_attempt_counts(ledger: Driver) -> None:
    call = claimed(ledger)["j1"]
    ledger.expire([call.interaction_id])
    assert work.release_expired_work(ledger.pipeline) == 1
    (one,) = ledger.interactions(STEP)
    node = ledger.node(STEP)
    assert (one.status, one.output, one.error_class) == ("superseded", None, None)
    assert (node.status, node.attempt, node.lease_owner, node.lease_expires_at) == (
        "scheduled", 1, None, None,
    )  # fmt: skip
    assert ledger.claim_one(STEP).fence > call.fence


def test_a_lease_runs_out_by_the_databases_clock(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    ledger.claim(STEP, worker=Worker(name="w1", lease_seconds=0))
    assert work.release_expired_work(ledger.pipeline) == 1


def test_no_more_than_the_limit_is_released_at_once(ledger: Driver) -> None:
    calls = claimed(ledger, "a", "b", "c")
    ledger.expire([c.interaction_id for c in calls.values()])
    released = [
        ledger.pipeline.execute("select release_expired_work(2)").fetchone() for _ in range(3)
    ]
    assert released == [(2,), (1,), (0,)]
    assert [ledger.status(STEP, n) for n in "abc"] == ["scheduled"] * 3


def test_a_call_that_stops_its_worker_three_times_is_not_tried_a_fourth_time(
    ledger: Driver,
) -> None:
    claimed(ledger)
    for _ in range(3):
        assert ledger.status(STEP) == "running"
        ledger.expire([i.interaction_id for i in ledger.interactions(STEP)])
        work.release_expired_work(ledger.pipeline)
        ledger.claim(STEP)
    assert ledger.status(STEP) == "failed"
    assert [i.status for i in ledger.interactions(STEP)] == ["superseded"] * 3


def test_a_fetch_whose_lease_ran_out_is_owed_again(ledger: Driver) -> None:
    first = ledger.open()
    assert first.interaction_id is not None
    ledger.expire([first.interaction_id])
    assert work.release_expired_work(ledger.pipeline) == 1
    again = ledger.open()
    assert (again.state, again.interaction_id != first.interaction_id) == ("claimed", True)


def test_a_call_keeps_its_lease_while_an_older_answer_counts_again(ledger: Driver) -> None:
    """Content goes to v2, a call starts, content comes back to v1: the node is completed, the call is live."""
    ledger.fetch()
    ledger.run()
    ledger.fetch(ledger.job(description=ledger.text("v2")), day="2026-01-06")
    ledger.run_step("validate_description", day="2026-01-06")
    call = ledger.claim_one(STEP, day="2026-01-06")
    ledger.fetch(day="2026-01-07")
    assert ledger.status(STEP) == "completed"
    assert (
        ledger.rows("select from audit_lost_claims where interaction_id = %s", call.interaction_id)
        == []
    )
    assert work.renew_leases(ledger.pipeline, ledger.worker) == 1
    ledger.expire([call.interaction_id])
    assert work.release_expired_work(ledger.pipeline) == 1
    assert ledger.interactions(STEP)[-1].status == "superseded"
    assert (ledger.status(STEP), ledger.node(STEP).lease_owner) == ("completed", None)


def test_a_call_that_ends_while_an_older_answer_counts_leaves_no_lease(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    ledger.fetch(ledger.job(description=ledger.text("v2")), day="2026-01-06")
    ledger.run_step("validate_description", day="2026-01-06")
    call = ledger.claim_one(STEP, day="2026-01-06")
    ledger.fetch(day="2026-01-07")
    assert ledger.complete(STEP, [call]) == {call.interaction_id: True}
    node = ledger.node(STEP)
    assert (node.status, node.lease_owner, node.lease_expires_at) == ("completed", None, None)
    assert node.interaction_id == ledger.interactions(STEP)[0].interaction_id


@pytest.mark.parametrize("flips", [1, 4])
def test_a_ticket_that_was_moot_before_opens_again(ledger: Driver, flips: int) -> None:
    ledger.fetch()
    never = {f"{s}[{r}]": "fail" for s, r in [("grade_a", 0), *(("regrade", r) for r in (1, 2, 3))]}
    ledger.run(verdicts=never)  # type: ignore[arg-type]
    for flip in range(flips):
        ledger.fetch(ledger.job(description=ledger.text("other")), day=f"2026-01-{6 + 2 * flip:02}")
        assert ledger.interactions("create_ticket")[-1].status == "superseded"
        day = f"2026-01-{7 + 2 * flip:02}"
        ledger.fetch(day=day)
        ledger.run(verdicts=never)  # type: ignore[arg-type]
        assert ledger.status("create_ticket") == "suspended"
