"""Declared sources are written, changed and never removed."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver
from ty_pipeline.ledger.declare import SourceDeclaration, declare_sources


def declaration(ledger: Driver, **changes: Any) -> SourceDeclaration:
    values = {
        "source_id": ledger.source, "label": "A board", "adapter": "file", "timezone": "Europe/Berlin",
        "settings": {"feed": "x"},
    }  # fmt: skip
    return SourceDeclaration(**(values | changes))


def declared(ledger: Driver) -> Any:
    return ledger.row("select xmin::text, * from sources where source_id = %s", ledger.source)


def test_a_source_is_written_as_declared(ledger: Driver) -> None:
    declare_sources(ledger.owner, [declaration(ledger)])
    row = declared(ledger)
    assert (row.label, row.adapter, row.timezone, row.settings, row.retired) == (
        "A board", "file", "Europe/Berlin", {"feed": "x"}, False,
    )  # fmt: skip


def test_declaring_twice_writes_nothing(ledger: Driver) -> None:
    declare_sources(ledger.owner, [declaration(ledger)])
    before = declared(ledger)
    declare_sources(ledger.owner, [declaration(ledger)])
    assert declared(ledger) == before


def test_a_source_that_is_declared_no_more_keeps_its_row(ledger: Driver) -> None:
    declare_sources(ledger.owner, [])
    assert declared(ledger).source_id == ledger.source


def test_declaring_does_not_bring_a_retired_source_back(ledger: Driver) -> None:
    ledger.owner.execute("update sources set retired = true where source_id = %s", (ledger.source,))
    declare_sources(ledger.owner, [declaration(ledger, label="Renamed")])
    assert (declared(ledger).label, declared(ledger).retired) == ("Renamed", True)
