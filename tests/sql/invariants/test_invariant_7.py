"""7. One live attempt a node, one live call an input; what is owed is claimable within one lease."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.ledger_driver import Driver
from tests.lock_waits import background
from ty_pipeline.ledger import work

STEP = "extract_summary"


def live(ledger: Driver, *names: str, **same: Any) -> list[work.Call]:
    ledger.fetch(*(ledger.job(n, **same) for n in names or ("j1",)))
    ledger.run(until=STEP)
    return list(ledger.claim(STEP).calls)


def copy_of(ledger: Driver, interaction_id: int, **changes: str) -> None:
    """Insert another interaction like this one, as the owner."""
    columns = [
        r.attname
        for r in ledger.rows(
            "select attname from pg_attribute where attrelid = 'interactions'::regclass and attnum > 0"
            " and attidentity = '' and attgenerated = '' and not attisdropped"
        )
    ]
    values = [changes.get(name, name) for name in columns]
    ledger.owner.execute(
        f"insert into interactions ({', '.join(columns)}) select {', '.join(values)}"
        " from interactions where interaction_id = %s",
        (interaction_id,),
    )


def test_a_second_live_attempt_of_a_node_is_refused(ledger: Driver) -> None:
    (call,) = live(ledger)
    for changes in ({}, {"input_hash": "'\\x01'"}, {"status": "'suspended'"}):
        with pytest.raises(psycopg.errors.UniqueViolation, match="one_live_attempt_per_node"):
            copy_of(ledger, call.interaction_id, **changes)


def test_a_second_live_call_of_an_identical_input_is_refused(ledger: Driver) -> None:
    ledger.fetch(*(ledger.job(n, title="T", description=ledger.text()) for n in "ab"))
    ledger.run(until=STEP)
    (call,) = ledger.claim(STEP, limit=1).calls
    run = ledger.node(STEP, "b").workflow_run_id
    posting = ledger.posting("b").posting_id
    other = {"workflow_run_id": str(run), "posting_id": str(posting)}
    with pytest.raises(psycopg.errors.UniqueViolation, match="one_live_call_per_identical_input"):
        copy_of(ledger, call.interaction_id, **other)
    copy_of(ledger, call.interaction_id, **other, reused_from=str(call.interaction_id))


def test_a_follower_is_a_live_attempt_of_its_own_node(ledger: Driver) -> None:
    live(ledger, "a", "b", title="T", description=ledger.text())
    follower = ledger.interactions(STEP)[1]
    assert follower.reused_from is not None
    with pytest.raises(psycopg.errors.UniqueViolation, match="one_live_attempt_per_node"):
        copy_of(ledger, follower.interaction_id)


def test_two_workers_that_race_for_everything_take_nothing_twice(
    ledger: Driver, second: Driver
) -> None:
    names = [f"j{n}" for n in range(60)]
    ledger.fetch(*(ledger.job(n) for n in names))
    ledger.run(until=STEP)

    def take(driver: Driver) -> list[int]:
        taken: list[int] = []
        while driver.rows(
            "select from owed_work where partition_key = %s and conversation_id = 3335",
            driver.partition(),
        ):
            taken += [c.posting_id for c in driver.claim(STEP, limit=4).calls]
        return taken

    with background() as start:
        taken = [one.result() for one in [start(lambda d=d: take(d)) for d in (ledger, second)]]  # type: ignore[misc]
    assert len(taken[0]) + len(taken[1]) == len(set(taken[0] + taken[1])) == 60


def test_a_worker_that_dies_before_its_claim_commits_leaves_it_claimable_at_once(
    ledger: Driver, shared_url: str
) -> None:
    ledger.fetch()
    ledger.run(until=STEP)
    with psycopg.connect(shared_url) as dying:
        dying.execute(
            "select * from claim_work(3001, 3335, %s, 10, 'dying', 3600)", (ledger.partition(),)
        )
        ledger.owner.execute("select pg_terminate_backend(%s)", (dying.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            dying.commit()
    while ledger.rows("select from pg_stat_activity where pid = %s", dying.info.backend_pid):
        pass
    assert len(ledger.claim(STEP).calls) == 1


def go_wrong(ledger: Driver, what: str, call: work.Call) -> None:
    invalidate = "update interactions set invalidated = true, invalidation_reason = 'r' where interaction_id = %s"
    match what:
        case "its content changed meanwhile":
            ledger.fetch(ledger.job(description=ledger.text("new")), day="2026-01-06")
        case "it was disabled":
            ledger.owner.execute(
                "update interactions set enabled = false where interaction_id = %s",
                (call.interaction_id,),
            )
        case "it was invalidated":
            ledger.owner.execute(invalidate, (call.interaction_id,))
        case "its input was invalidated":
            (validated,) = ledger.interactions("validate_description")
            ledger.owner.execute(invalidate, (validated.interaction_id,))
        case _:
            assert what == "its worker is gone"


WRONG = (
    "its worker is gone",
    "its content changed meanwhile",
    "it was disabled",
    "it was invalidated",
    "its input was invalidated",
)


@pytest.mark.parametrize("what", WRONG)
def test_whatever_went_wrong_with_a_call_its_lease_ends_it(ledger: Driver, what: str) -> None:
    (call,) = live(ledger)
    go_wrong(ledger, what, call)
    assert (
        ledger.rows("select from audit_lost_claims where interaction_id = %s", call.interaction_id)
        == []
    )
    ledger.expire([call.interaction_id])
    assert work.release_expired_work(ledger.pipeline) == 1
    one = ledger.row("select * from interactions where interaction_id = %s", call.interaction_id)
    assert one.status == "superseded"
    for day in ("2026-01-05", "2026-01-06"):
        ledger.run(day=day)
    assert ledger.status(STEP) == "completed"


def test_every_running_node_of_a_worker_that_works_has_a_lease(ledger: Driver) -> None:
    live(ledger, "a", "b", "c")
    ledger.open("2026-01-09")
    without = ledger.rows(
        "select from run_node_state where status = 'running' and lease_expires_at is null"
        " and partition_key like %s",
        f"%|{ledger.source}",
    )
    assert without == []


def test_the_audits_see_two_live_attempts_and_a_lost_claim(own_ledger: Driver) -> None:
    (call,) = live(own_ledger)
    own_ledger.owner.execute("drop index one_live_attempt_per_node")
    own_ledger.owner.execute("drop index one_live_call_per_identical_input")
    with own_ledger.owner.transaction():
        own_ledger.owner.execute("set local session_replication_role = replica")
        copy_of(own_ledger, call.interaction_id, fence="fence + 100000")
    problems = [
        r.problem for r in own_ledger.rows("select problem from audit_live_attempts order by 1")
    ]
    assert problems == ["2 attempts of one node are live", "2 calls with identical input are live"]
    (lost,) = own_ledger.rows("select * from audit_lost_claims")
    assert lost.interaction_id != call.interaction_id
