"""Claims: a lease, a fence and an attempt each, nothing twice, and counts of what needs no call."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver, step_id, worker_of
from ty_pipeline.errors import LedgerError
from ty_pipeline.ledger import work

STEP = "extract_summary"


def owed(ledger: Driver, *names: str) -> None:
    ledger.fetch(*(ledger.job(n) for n in names or ("j1",)))
    ledger.run(until=STEP)


def test_a_claim_is_running_under_a_lease_and_a_fence(ledger: Driver) -> None:
    owed(ledger)
    call = ledger.claim_one(STEP)
    (one,) = ledger.interactions(STEP)
    node = ledger.node(STEP)
    assert (one.status, one.attempt, one.fence, one.completed_at) == (
        "running",
        1,
        call.fence,
        None,
    )
    assert (node.status, node.interaction_id, node.fence) == (
        "running",
        one.interaction_id,
        call.fence,
    )
    assert (node.lease_owner, node.attempt) == (ledger.worker.name, 1)
    left = ledger.value("select extract(epoch from %s - clock_timestamp())", node.lease_expires_at)
    assert ledger.worker.lease_seconds - 60 < left <= ledger.worker.lease_seconds


def test_edges_are_written_by_the_claim(ledger: Driver) -> None:
    owed(ledger)
    with ledger.pipeline.transaction(force_rollback=True):
        call = ledger.claim_one(STEP)
        written = ledger.pipeline.execute(
            "select count(*) from interaction_inputs where interaction_id = %s",
            (call.interaction_id,),
        ).fetchone()
        assert written == (2,)
    assert ledger.status(STEP) == "scheduled"
    assert ledger.edges(call.interaction_id) == {}


def test_what_is_claimed_is_claimed_no_second_time(ledger: Driver, second: Driver) -> None:
    owed(ledger, "a", "b")
    assert len(ledger.claim(STEP).calls) == 2
    assert second.claim(STEP) == work.Claimed(calls=(), claimed=0, reused=0, refused=0)


def test_the_limit_is_kept(ledger: Driver, second: Driver) -> None:
    owed(ledger, *(f"j{n}" for n in range(5)))
    taken = [len(ledger.claim(STEP, limit=2).calls), len(second.claim(STEP, limit=2).calls)]
    assert taken == [2, 2]
    assert len(ledger.claim(STEP, limit=2).calls) == 1


def test_every_claim_has_a_higher_fence_than_the_one_before(ledger: Driver) -> None:
    owed(ledger)
    fences = []
    for _ in range(3):
        call = ledger.claim_one(STEP)
        fences.append(call.fence)
        work.release_work(ledger.pipeline, [call])
    assert fences == sorted(set(fences))


def test_who_answers_is_recorded_as_it_was_then(ledger: Driver) -> None:
    owed(ledger)
    call = ledger.claim_one(STEP)
    (one,) = ledger.interactions(STEP)
    actor = ledger.row("select * from actors where actor_id = %s", call.actor_id)
    assert (one.actor_id, one.actor_type, one.model) == (call.actor_id, "ai_model", actor.model)
    assert (one.conversation_version, one.execution_order) == (1, 4)


def test_the_dagster_run_is_recorded(ledger: Driver) -> None:
    owed(ledger)
    run = work.Worker(name=ledger.worker.name, lease_seconds=60, dagster_run_id="run-1")
    ledger.claim(STEP, worker=run)
    assert ledger.interactions(STEP)[0].dagster_run_id == "run-1"


def test_queued_is_when_it_was_owed_and_started_when_it_was_claimed(ledger: Driver) -> None:
    owed(ledger)
    since = ledger.node(STEP).owed_since
    ledger.claim(STEP)
    (one,) = ledger.interactions(STEP)
    assert one.queued_at == since < one.started_at


def test_a_human_step_is_suspended_and_never_called(ledger: Driver) -> None:
    ledger.fetch()
    never = {
        f"{s}[{r}]": "fail"
        for s, r in (("grade_a", 0), ("regrade", 1), ("regrade", 2), ("regrade", 3))
    }
    ledger.run(until="create_ticket", verdicts=never)  # type: ignore[arg-type]
    claimed = ledger.claim("create_ticket")
    assert (claimed.calls, claimed.claimed, claimed.reused, claimed.refused) == ((), 1, 0, 0)
    (ticket,) = ledger.interactions("create_ticket")
    assert (ticket.status, ticket.started_at, ticket.completed_at) == ("suspended", None, None)
    assert ledger.claim("create_ticket").claimed == 0


def test_a_step_that_is_not_declared_is_refused(ledger: Driver) -> None:
    with pytest.raises(LedgerError, match="workflow 3001 has no conversation 42"):
        work.claim_work(
            ledger.pipeline, 3001, 42, ledger.partition(), limit=1, worker=ledger.worker
        )


def test_a_script_step_is_not_claimed_for_a_call(ledger: Driver) -> None:
    """Nobody would ever answer it: scripts are done by run_script_work."""
    ledger.fetch()
    with pytest.raises(LedgerError, match="conversation 9193 is done by a script"):
        ledger.claim("validate_description")
    assert ledger.status("validate_description") == "scheduled"


def test_a_worker_is_named_on_the_claim(ledger: Driver) -> None:
    owed(ledger, "a", "b")
    ledger.claim(STEP, limit=1)
    ledger.claim(STEP, limit=1, worker=worker_of(ledger.source, "w9"))
    owners = sorted(ledger.node(STEP, name).lease_owner for name in "ab")
    assert owners == [f"{ledger.source}-w1", f"{ledger.source}-w9"]


def test_the_oldest_owed_run_comes_first(ledger: Driver) -> None:
    owed(ledger, *(f"j{n}" for n in range(4)))
    claimed = ledger.claim(STEP, limit=2)
    assert [c.posting_id for c in claimed.calls] == [
        ledger.posting(name).posting_id for name in ("j0", "j1")
    ]


def test_a_claim_counts_calls_reuse_and_refusals_apart(ledger: Driver) -> None:
    owed(ledger, "a")
    ledger.run()
    ledger.fetch(
        ledger.job("same", title="Engineer a", description=ledger.text("a"), locations=["Bonn"]),
        ledger.job("blank", title=" "),
        ledger.job("fresh"),
        day="2026-01-06",
    )
    ledger.run_step("validate_description", day="2026-01-06")
    claimed = ledger.claim(STEP, day="2026-01-06")
    assert (claimed.claimed, claimed.reused, claimed.refused, len(claimed.calls)) == (3, 1, 1, 1)
    assert step_id(STEP) == 3335
