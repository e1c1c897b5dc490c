"""One fetch a partition and order: claimed once, done once, taken over when its worker is gone."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.intake_driver import FETCH, STEP
from tests.ledger_driver import DAY, Driver
from ty_pipeline.errors import LedgerError
from ty_pipeline.ledger import intake, work


def fetches(ledger: Driver) -> list[Any]:
    return ledger.rows(
        "select * from interactions where partition_key = %s and posting_id is null order by 1",
        ledger.partition(),
    )


def fetch_node(ledger: Driver) -> Any:
    return ledger.row(
        "select * from run_node_state where partition_key = %s and conversation_id = %s",
        ledger.partition(), FETCH,
    )  # fmt: skip


def test_an_order_is_claimed_with_its_payload(ledger: Driver) -> None:
    opened = ledger.open(feed="a")
    assert (opened.state, opened.payload) == ("claimed", {"feed": "a"})
    (one,) = fetches(ledger)
    assert (one.status, one.attempt, one.posting_id) == ("running", 1, None)
    edges = ledger.edges(opened.interaction_id or 0)
    assert {h: e.trigger_input_id for h, e in edges.items()} == {"feed": "a"}
    order = ledger.row(
        "select * from trigger_inputs t join workflow_runs r using (workflow_run_id)"
        " where r.partition_key = %s",
        ledger.partition(),
    )
    assert (order.delivered_by, order.processed_at is not None) == ("test", True)


def test_without_an_order_there_is_nothing_to_fetch(ledger: Driver) -> None:
    opened = intake.open_fetch(
        ledger.pipeline, *STEP, ledger.source, ledger.partition(), order=None, worker=ledger.worker
    )
    assert (opened.state, opened.interaction_id) == ("no_order", None)


def test_the_same_order_twice_is_one_fetch(ledger: Driver) -> None:
    ledger.fetch(feed="digest")
    again = ledger.open(feed="digest")
    assert again.state == "completed"
    assert [f.interaction_id for f in fetches(ledger)] == [again.interaction_id]


def test_no_order_means_the_newest_order_of_the_partition(ledger: Driver) -> None:
    ledger.fetch(feed="digest")
    opened = intake.open_fetch(
        ledger.pipeline, *STEP, ledger.source, ledger.partition(), order=None, worker=ledger.worker
    )
    assert (opened.state, opened.payload) == ("completed", {"feed": "digest"})


def test_a_file_with_another_digest_is_fetched_again(ledger: Driver) -> None:
    ledger.fetch(feed="digest-1")
    again = ledger.open(feed="digest-2")
    assert (again.state, again.payload) == ("claimed", {"feed": "digest-2"})
    assert len(fetches(ledger)) == 2


def test_a_running_fetch_is_left_to_who_runs_it(ledger: Driver, second: Driver) -> None:
    first = ledger.open()
    other = second.open()
    assert (other.state, other.interaction_id, other.fence) == (
        "running",
        first.interaction_id,
        None,
    )
    assert ledger.end_fetch(first)


def test_an_expired_fetch_is_taken_over_and_the_late_worker_loses(
    ledger: Driver, second: Driver
) -> None:
    first = ledger.open()
    ledger.expire([first.interaction_id or 0])
    taken = second.open()
    assert (taken.state, taken.interaction_id != first.interaction_id) == ("claimed", True)
    assert not ledger.end_fetch(first)
    assert second.end_fetch(taken)
    assert [f.status for f in fetches(ledger)] == ["superseded", "completed"]


def fail_fetch(ledger: Driver, opened: intake.OpenFetch, error_class: str) -> None:
    failure = work.Failure(
        interaction_id=opened.interaction_id or 0, fence=opened.fence or 0,
        error_class=error_class, message="no answer",
    )  # fmt: skip
    assert work.fail_work(ledger.pipeline, [failure]) == 1


@pytest.mark.parametrize(
    ("error_class", "status"), [("network", "scheduled"), ("feed_unreadable", "failed")]
)
def test_a_failed_fetch_can_be_asked_for_again(
    ledger: Driver, error_class: str, status: str
) -> None:
    fail_fetch(ledger, ledger.open(), error_class)
    assert fetch_node(ledger).status == status
    again = ledger.open()
    assert again.state == "claimed"
    assert [(f.status, f.attempt) for f in fetches(ledger)] == [("failed", 1), ("running", 2)]


def test_attempts_of_one_order_share_a_correlation_id_and_another_order_has_its_own(
    ledger: Driver,
) -> None:
    fail_fetch(ledger, ledger.open(feed="a"), "network")
    fail_fetch(ledger, ledger.open(feed="a"), "network")
    ledger.open(feed="b")
    ids = [f.correlation_id for f in fetches(ledger)]
    assert (ids[0] == ids[1], ids[1] == ids[2]) == (True, False)


def test_a_new_order_is_owed_once_the_fetch_of_the_old_one_ends(ledger: Driver) -> None:
    first = ledger.open(feed="a")
    assert ledger.open(feed="b").state == "running"
    assert ledger.end_fetch(first)
    assert (fetch_node(ledger).status, fetch_node(ledger).lease_owner) == ("scheduled", None)
    assert ledger.open(feed="b").state == "claimed"


def test_a_new_order_is_owed_once_the_fetch_of_the_old_one_fails(ledger: Driver) -> None:
    first = ledger.open(feed="a")
    ledger.open(feed="b")
    fail_fetch(ledger, first, "feed_unreadable")
    assert (fetch_node(ledger).status, fetch_node(ledger).lease_owner) == ("scheduled", None)


def test_a_disabled_fetch_is_paused(ledger: Driver) -> None:
    opened = ledger.open()
    ledger.end_fetch(opened)
    ledger.owner.execute(
        "update interactions set enabled = false where interaction_id = %s",
        (opened.interaction_id,),
    )
    assert ledger.open().state == "paused"


def test_every_partition_has_a_fetch_of_its_own(ledger: Driver) -> None:
    assert ledger.open(DAY).state == "claimed"
    assert ledger.open("2026-01-06").state == "claimed"


def test_a_source_that_is_not_declared_is_refused(ledger: Driver) -> None:
    with pytest.raises(LedgerError, match="source nowhere is not declared, or retired"):
        intake.open_fetch(
            ledger.pipeline, *STEP, "nowhere", f"{DAY}|nowhere", order=None, worker=ledger.worker
        )


def test_a_retired_source_is_refused(ledger: Driver) -> None:
    ledger.owner.execute("update sources set retired = true where source_id = %s", (ledger.source,))
    with pytest.raises(LedgerError, match="retired"):
        ledger.open()


def test_a_step_that_is_not_declared_is_refused(ledger: Driver) -> None:
    with pytest.raises(psycopg.DatabaseError, match="workflow 3001 has no conversation 1"):
        ledger.pipeline.execute(
            "select * from open_fetch(3001, 1, 'x', 'x', 'x', '{}', 'x', 'x', 60)"
        )
