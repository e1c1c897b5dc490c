"""The status of a run, derived from its nodes."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], "idle"),
        (["idle", "idle"], "idle"),
        (["completed", "idle"], "completed"),
        (["completed", "paused"], "paused"),
        (["completed", "paused", "failed"], "failed"),
        (["failed", "suspended"], "suspended"),
        (["suspended", "scheduled", "failed"], "scheduled"),
        (["scheduled", "running", "completed"], "running"),
    ],
)
def test_work_that_goes_on_outranks_work_that_waits_and_that_outranks_bad_ends(
    ledger: Driver, statuses: list[str], expected: str
) -> None:
    assert ledger.value("select run_status(%s::text[])", statuses) == expected


def test_every_declared_status_of_a_node_gives_a_status_of_a_run(ledger: Driver) -> None:
    found = ledger.rows("select status, run_status(array[status]) as run from node_statuses")
    assert [(row.status, row.run) for row in found if row.status != row.run] == []
