"""Staging: every row is counted once, whatever becomes of it, and a page counts once."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger_driver import Driver
from ty_pipeline.ledger.intake import StagedCounts

LATER = "2026-01-06"


def staged(
    ledger: Driver, *rows: dict[str, Any], day: str = LATER, feed: str = "f"
) -> StagedCounts:
    return ledger.stage(ledger.store_page(ledger.open(day, feed=feed)), rows, day=day)


def duplicate(ledger: Driver, external_id: str) -> dict[str, Any]:
    return ledger.job(
        external_id, outcome="duplicate_in_fetch", reason="row 1 of the same fetch stands for it"
    )


def set_aside() -> dict[str, Any]:
    return {"outcome": "set_aside", "raw": {"?": 1}, "reason": "it has no job id"}


def test_counts_add_up_to_the_rows_received(ledger: Driver) -> None:
    ledger.fetch(ledger.job("known"))
    counts = staged(
        ledger, ledger.job("known"), ledger.job("new"), duplicate(ledger, "new"), set_aside(),
        ledger.job("odd", fields_set_aside={"posted_on": "no date: soon"}),
    )  # fmt: skip
    assert counts == StagedCounts(
        rows=5, seen=1, staged=2, duplicate_in_fetch=1, set_aside=1, fields_set_aside=1
    )


def test_a_page_staged_twice_changes_nothing(ledger: Driver) -> None:
    ledger.fetch(ledger.job("known"))
    page = ledger.store_page(ledger.open(LATER))
    rows = [ledger.job("known"), ledger.job("new"), set_aside()]
    first = ledger.stage(page, rows, day=LATER)
    before = snapshot(ledger)
    assert ledger.stage(page, rows, day=LATER) == first
    assert ledger.stage(page, [], day=LATER) == first
    assert snapshot(ledger) == before


def test_a_page_staged_again_after_promotion_still_gives_its_counts(ledger: Driver) -> None:
    page = ledger.store_page(ledger.open())
    rows = [ledger.job("a"), ledger.job("b"), set_aside()]
    first = ledger.stage(page, rows)
    ledger.promote()
    assert ledger.stage(page, rows) == first


def test_a_row_whose_content_is_known_becomes_a_sighting_only(ledger: Driver) -> None:
    ledger.fetch(ledger.job("known"))
    versions = ledger.value("select count(*) from posting_versions")
    staged(ledger, ledger.job("known"))
    assert ledger.promote(day=LATER).promoted == 0
    assert ledger.value("select count(*) from posting_versions") == versions
    posting = ledger.posting("known")
    assert [str(posting.first_seen_on), str(posting.last_seen_on)] == ["2026-01-05", LATER]
    sightings = "select * from sightings where posting_id = %s order by partition_date"
    assert len(ledger.rows(sightings, posting.posting_id)) == 2


def test_seeing_a_posting_again_redoes_nothing(ledger: Driver) -> None:
    ledger.fetch(ledger.job("known"))
    ledger.run()
    before = (ledger.interactions(), ledger.statuses("known"))
    staged(ledger, ledger.job("known"))
    ledger.promote(day=LATER)
    ledger.run(day=LATER)
    assert (ledger.interactions(), ledger.statuses("known")) == before


def test_address_and_date_are_no_content(ledger: Driver) -> None:
    ledger.fetch(ledger.job("known"))
    moved = ledger.job("known", url="https://elsewhere.example/", posted_on="2026-01-04")
    assert staged(ledger, moved).seen == 1


def test_a_row_keeps_its_raw_data_and_its_place(ledger: Driver) -> None:
    staged(ledger, ledger.job("a", raw={"anything": [1, "two"]}), set_aside())
    rows = ledger.rows(
        "select * from postings_staging where source_id = %s order by row_number", ledger.source
    )
    assert [(r.row_number, r.raw_data) for r in rows] == [
        (1, {"anything": [1, "two"]}),
        (2, {"?": 1}),
    ]
    assert (rows[1].validation_status, rows[1].reason) == ("set_aside", "it has no job id")


def test_rows_count_from_their_pages_commit_whatever_becomes_of_the_fetch(ledger: Driver) -> None:
    fetch = ledger.open()
    ledger.stage(ledger.store_page(fetch), [ledger.job("a")])
    ledger.expire([fetch.interaction_id or 0])
    ledger.pipeline.execute("select release_expired_work()")
    assert ledger.promote().new == 1
    assert ledger.posting("a").status == "active"


ROW = st.sampled_from(["known", "changed", "new", "twice", "duplicate", "aside", "odd"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(ROW, max_size=12))
def test_any_page_adds_up_and_fetch_progress_agrees(ledger: Driver, kinds: list[str]) -> None:
    run = ledger.value("select nextval('fences')")  # a mark of this example
    day = str(ledger.value("select date '2100-01-01' + (random() * 200000)::integer"))
    ledger.fetch(ledger.job(f"k{run}"), day=day, feed=f"first-{run}")
    rows = [_row(ledger, kind, f"{run}-{n}", f"k{run}") for n, kind in enumerate(kinds)]
    fetch = ledger.open(day, feed=f"second-{run}")
    counts = ledger.stage(ledger.store_page(fetch), rows, day=day)
    outcomes = (counts.seen, counts.staged, counts.duplicate_in_fetch, counts.set_aside)
    assert sum(outcomes) == counts.rows == len(rows)
    assert counts.seen == kinds.count("known")
    promoted = ledger.promote(day=day)
    assert promoted.promoted == counts.staged == promoted.new + promoted.changed + promoted.seen
    progress = ledger.row(
        "select * from fetch_progress where interaction_id = %s", fetch.interaction_id
    )
    assert progress.rows == len(rows) == sum(
        (progress.new, progress.changed, progress.seen, progress.duplicate_in_fetch,
         progress.set_aside, progress.to_promote)
    )  # fmt: skip


def _row(ledger: Driver, kind: str, name: str, known: str) -> dict[str, Any]:
    match kind:
        case "known":
            return ledger.job(known)
        case "changed":
            return ledger.job(known, description=ledger.text(name))
        case "twice":
            return ledger.job(f"t-{known}")
        case "duplicate":
            return duplicate(ledger, name)
        case "aside":
            return set_aside()
        case "odd":
            return ledger.job(name, fields_set_aside={"posted_on": "no date"})
        case _:
            return ledger.job(name)


def snapshot(ledger: Driver) -> list[object]:
    tables = ("postings_staging", "sightings", "postings", "posting_versions", "raw_pages")
    return [ledger.rows(f"select * from {table} order by 1, 2") for table in tables]
