"""The heartbeat touches lease columns only, and only of claims that are this worker's and live."""

from __future__ import annotations

from tests.ledger_driver import Driver
from ty_pipeline.ledger import work
from ty_pipeline.ledger.work import Worker

STEP = "extract_summary"


def worker(ledger: Driver, *, seconds: int = 5, name: str = "w") -> Worker:
    """A worker of this test's own."""
    return Worker(name=f"{ledger.source}-{name}", lease_seconds=seconds)


def owed(ledger: Driver, *names: str) -> None:
    ledger.fetch(*(ledger.job(n) for n in names or ("j1",)))
    ledger.run(until=STEP)


def test_a_lease_is_prolonged_and_nothing_else_is_touched(ledger: Driver) -> None:
    owed(ledger)
    ledger.claim(STEP, worker=worker(ledger))
    before = ledger.node(STEP)._asdict()
    assert work.renew_leases(ledger.pipeline, worker(ledger, seconds=600)) == 1
    after = ledger.node(STEP)._asdict()
    assert after.pop("lease_expires_at") > before.pop("lease_expires_at")
    assert after == before


def test_claims_of_another_worker_are_left_alone(ledger: Driver) -> None:
    owed(ledger, "a", "b")
    ledger.claim(STEP, limit=1, worker=worker(ledger, name="one"))
    ledger.claim(STEP, limit=1, worker=worker(ledger, name="two"))
    before = {n: ledger.node(STEP, n).lease_expires_at for n in "ab"}
    assert work.renew_leases(ledger.pipeline, worker(ledger, seconds=600, name="one")) == 1
    moved = [n for n in "ab" if ledger.node(STEP, n).lease_expires_at != before[n]]
    assert [ledger.node(STEP, n).lease_owner for n in moved] == [worker(ledger, name="one").name]


def test_a_worker_that_lost_its_claim_renews_nothing(ledger: Driver) -> None:
    owed(ledger)
    call = ledger.claim(STEP, worker=worker(ledger)).calls[0]
    ledger.expire([call.interaction_id])
    work.release_expired_work(ledger.pipeline)
    assert work.renew_leases(ledger.pipeline, worker(ledger)) == 0
    ledger.claim(STEP, worker=worker(ledger, seconds=600, name="next"))
    assert work.renew_leases(ledger.pipeline, worker(ledger)) == 0
    assert ledger.node(STEP).lease_owner == worker(ledger, name="next").name


def test_ended_claims_are_not_counted(ledger: Driver) -> None:
    owed(ledger, "a", "b")
    calls = ledger.claim(STEP, worker=worker(ledger, seconds=60, name="half")).calls
    ledger.complete(STEP, calls[:1])
    assert work.renew_leases(ledger.pipeline, worker(ledger, seconds=60, name="half")) == 1


def test_a_fetch_is_renewed_too(ledger: Driver) -> None:
    ledger.open(worker=worker(ledger, name="fetch"))
    assert work.renew_leases(ledger.pipeline, worker(ledger, seconds=60, name="fetch")) == 1


def test_a_suspended_ticket_has_no_lease(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(
        verdicts={
            "grade_a[0]": "fail",
            "regrade[1]": "fail",
            "regrade[2]": "fail",
            "regrade[3]": "fail",
        }
    )
    node = ledger.node("create_ticket")
    assert (node.status, node.lease_owner, node.lease_expires_at) == ("suspended", None, None)
