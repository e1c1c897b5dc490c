"""Sources that were ever declared."""

from __future__ import annotations

from tests.ledger_driver import Driver


def test_a_declared_source_is_known_and_not_retired(ledger: Driver) -> None:
    row = ledger.row("select * from known_sources where source_id = %s", ledger.source)
    assert (row.label, row.adapter, row.timezone, row.retired) == (
        ledger.source,
        "test",
        "UTC",
        False,
    )
