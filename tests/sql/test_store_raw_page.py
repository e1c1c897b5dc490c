"""Pages of a live fetch are kept as received; one of a lost fetch is refused."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver
from ty_pipeline.errors import FenceLost
from ty_pipeline.ledger import intake
from ty_pipeline.ledger.intake import OpenFetch


def store(ledger: Driver, fetch: OpenFetch, body: bytes, number: int = 1) -> None:
    intake.store_raw_page(
        ledger.pipeline, fetch.interaction_id or 0, fetch.fence or 0, number=number, url="u",
        http_status=None, content_type="text/csv", body=body,
    )  # fmt: skip


def bodies(ledger: Driver, fetch: OpenFetch) -> list[bytes]:
    return [
        bytes(r.body)
        for r in ledger.rows(
            "select body from raw_pages where interaction_id = %s order by page_number",
            fetch.interaction_id,
        )
    ]


def test_a_page_is_kept_byte_for_byte(ledger: Driver) -> None:
    fetch = ledger.open()
    store(ledger, fetch, bytes(range(256)))
    assert bodies(ledger, fetch) == [bytes(range(256))]


def test_a_page_stored_twice_is_kept_once_as_it_was_first(ledger: Driver) -> None:
    fetch = ledger.open()
    store(ledger, fetch, b"first")
    store(ledger, fetch, b"second")
    assert bodies(ledger, fetch) == [b"first"]


def test_a_page_after_a_takeover_is_refused(ledger: Driver, second: Driver) -> None:
    fetch = ledger.open()
    store(ledger, fetch, b"first")
    ledger.expire([fetch.interaction_id or 0])
    taken = second.open()
    with pytest.raises(FenceLost, match=f"fetch {fetch.interaction_id} has lost its claim: page 2"):
        store(ledger, fetch, b"second", number=2)
    store(second, taken, b"first of the second")
    assert (bodies(ledger, fetch), bodies(ledger, taken)) == ([b"first"], [b"first of the second"])


def test_a_page_after_the_end_of_the_fetch_is_refused(ledger: Driver) -> None:
    fetch = ledger.open()
    ledger.end_fetch(fetch)
    with pytest.raises(FenceLost):
        store(ledger, fetch, b"late")


def test_a_page_with_another_fence_is_refused(ledger: Driver) -> None:
    fetch = ledger.open()
    with pytest.raises(FenceLost):
        store(ledger, OpenFetch(**{**vars(fetch), "fence": 1}), b"forged")


def test_pages_wait_to_be_staged_in_order(ledger: Driver) -> None:
    fetch = ledger.open()
    ids = [ledger.store_page(fetch, number) for number in (1, 2, 3)]
    assert intake.pages_to_stage(ledger.pipeline, ledger.partition()) == ids
    ledger.stage(ids[0], [ledger.job()])
    assert intake.pages_to_stage(ledger.pipeline, ledger.partition()) == ids[1:]
