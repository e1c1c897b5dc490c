"""Promotion: staged rows become postings, content versions, runs and sightings, and are owed work."""

from __future__ import annotations

from tests.intake_driver import Promoted
from tests.ledger_driver import Driver, new_driver

LATER = "2026-01-06"


def test_a_new_posting_gets_content_a_run_a_sighting_and_owed_work(ledger: Driver) -> None:
    assert ledger.fetch() == Promoted(promoted=1, new=1, changed=0, seen=0)
    posting = ledger.posting()
    version = ledger.row("select * from posting_versions where posting_id = %s", posting.posting_id)
    run = ledger.row("select * from workflow_runs where posting_id = %s", posting.posting_id)
    sighting = ledger.row("select * from sightings where posting_id = %s", posting.posting_id)
    assert posting.current_version_id == version.posting_version_id == sighting.posting_version_id
    assert (version.title, version.company, version.locations) == (
        "Engineer j1",
        "Example Ltd",
        ["Berlin"],
    )
    assert (run.workflow_id, run.partition_key) == (3001, ledger.partition())
    assert (str(posting.first_seen_on), str(posting.last_seen_on)) == ("2026-01-05", "2026-01-05")
    assert ledger.statuses() == {"validate_description[0]": "scheduled"}


def test_the_content_is_delivered_to_every_input_that_reads_it(ledger: Driver) -> None:
    ledger.fetch()
    delivered = ledger.value(
        "select count(*) from run_inbox_messages where producer_version_id = %s",
        ledger.posting().current_version_id,
    )
    declared = ledger.value(
        "select count(distinct (conversation_id, round, handle)) from conversation_inputs"
        " where producer_kind = 'content'"
    )
    assert delivered == declared


def test_changed_content_is_a_new_version_of_the_same_posting(ledger: Driver) -> None:
    ledger.fetch()
    changed = ledger.fetch(ledger.job(description=ledger.text("newer")), day=LATER)
    assert changed == Promoted(promoted=1, new=0, changed=1, seen=0)
    posting = ledger.posting()
    versions = ledger.rows(
        "select posting_version_id from posting_versions where posting_id = %s order by 1",
        posting.posting_id,
    )
    assert len(versions) == 2
    assert posting.current_version_id == versions[1].posting_version_id


def test_content_that_another_partition_brought_meanwhile_counts_as_seen(ledger: Driver) -> None:
    first, second = ledger.open(), ledger.open(LATER)
    ledger.stage(ledger.store_page(first), [ledger.job()])
    ledger.stage(ledger.store_page(second), [ledger.job()], day=LATER)
    assert ledger.promote(day=LATER).new == 1
    assert ledger.promote() == Promoted(promoted=1, new=0, changed=0, seen=1)


def test_promoting_twice_promotes_nothing_more(ledger: Driver) -> None:
    ledger.fetch()
    assert ledger.promote() == Promoted(promoted=0, new=0, changed=0, seen=0)


def test_rows_are_promoted_in_batches_in_the_order_they_were_staged(ledger: Driver) -> None:
    ledger.stage(ledger.store_page(ledger.open()), [ledger.job(f"j{n}") for n in range(5)])
    assert [ledger.promote(limit=2).new for _ in range(4)] == [2, 2, 1, 0]
    order = ledger.rows(
        "select external_id from postings where source_id = %s order by posting_id", ledger.source
    )
    assert [r.external_id for r in order] == [f"j{n}" for n in range(5)]


def test_of_two_contents_in_one_fetch_the_later_row_is_current(ledger: Driver) -> None:
    promoted = ledger.fetch(ledger.job(), ledger.job(description=ledger.text("later")))
    assert (promoted.new + promoted.changed, promoted.seen) == (2, 0)
    assert "later" in ledger.value(
        "select description from posting_versions where posting_version_id = %s",
        ledger.posting().current_version_id,
    )


def test_a_row_set_aside_is_not_promoted(ledger: Driver) -> None:
    row = {"outcome": "set_aside", "raw": {}, "reason": "it has no title"}
    assert ledger.fetch(row).promoted == 0
    assert ledger.rows("select from postings where source_id = %s", ledger.source) == []


def test_the_staged_row_names_its_posting(ledger: Driver) -> None:
    ledger.fetch()
    row = ledger.row("select * from postings_staging where source_id = %s", ledger.source)
    assert (row.validation_status, row.promoted_to_posting_id) == (
        "new",
        ledger.posting().posting_id,
    )


def test_two_sources_may_use_the_same_job_id(ledger: Driver) -> None:
    ledger.fetch()
    other = new_driver(ledger.owner, ledger.pipeline)
    other.fetch()
    assert ledger.posting().posting_id != other.posting().posting_id
