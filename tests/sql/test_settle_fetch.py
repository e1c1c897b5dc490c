"""The state of a fetch follows from its newest order and its attempts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.intake_driver import FETCH
from tests.ledger_driver import Driver
from ty_pipeline.ledger.intake import OpenFetch
from ty_pipeline.ledger.work import Failure, fail_work


def node(ledger: Driver) -> Any:
    return ledger.row(
        "select workflow_run_id, status, attempt, interaction_id, inputs_key, branch from run_node_state"
        " where partition_key = %s and conversation_id = %s",
        ledger.partition(), FETCH,
    )  # fmt: skip


def fail(ledger: Driver, fetch: OpenFetch, error_class: str) -> None:
    failure = Failure(
        interaction_id=fetch.interaction_id or 0, fence=fetch.fence or 0,
        error_class=error_class, message="no answer",
    )  # fmt: skip
    fail_work(ledger.pipeline, [failure])


def completed(ledger: Driver) -> None:
    ledger.fetch()


def running(ledger: Driver) -> None:
    ledger.open()


def failed_for_now(ledger: Driver) -> None:
    fail(ledger, ledger.open(), "network")


def failed_for_good(ledger: Driver) -> None:
    fail(ledger, ledger.open(), "feed_unreadable")


def failed_three_times(ledger: Driver) -> None:
    for _ in range(3):
        fail(ledger, ledger.open(), "network")


def expired(ledger: Driver) -> None:
    ledger.expire([ledger.open().interaction_id or 0])
    ledger.pipeline.execute("select release_expired_work()")


def overtaken_by_an_order(ledger: Driver) -> None:
    first = ledger.open(feed="a")
    ledger.open(feed="b")
    ledger.end_fetch(first)


WAYS = {
    completed: "completed",
    running: "running",
    failed_for_now: "scheduled",
    failed_for_good: "failed",
    failed_three_times: "failed",
    expired: "scheduled",
    overtaken_by_an_order: "scheduled",
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_deriving_a_fetch_anew_changes_nothing(ledger: Driver, way: Any) -> None:
    way(ledger)
    before = node(ledger)
    assert before.status == WAYS[way]
    ledger.owner.execute("select settle_runs(array[%s::bigint])", (before.workflow_run_id,))
    assert node(ledger) == before
    ledger.owner.execute(
        "delete from run_node_state where workflow_run_id = %s", (before.workflow_run_id,)
    )
    ledger.owner.execute("select settle_runs(array[%s::bigint])", (before.workflow_run_id,))
    assert node(ledger) == before


def test_a_disabled_fetch_is_paused_and_brings_nothing_any_more(ledger: Driver) -> None:
    ledger.fetch()
    before = node(ledger)
    ledger.owner.execute(
        "update interactions set enabled = false where interaction_id = %s",
        (before.interaction_id,),
    )
    assert node(ledger).status == "paused"
    assert ledger.posting().current_version_id is None
    assert ledger.posting().status == "invalidated"
