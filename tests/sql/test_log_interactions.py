"""The audit log: written along, never read to decide, and never in the way of work."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver

TABLES = {"interactions": "interaction", "run_node_state": "node", "postings": "posting"}


def test_events_hold_ids_and_no_text_of_a_posting(ledger: Driver) -> None:
    ledger.fetch(ledger.job(title="Needle", description=ledger.text("needle in it")))
    ledger.run()
    ledger.fail([], "network")
    found = ledger.value(
        "select count(*) from execution_events where posting_id = %s"
        " and (event_data::text || metadata::text || event_key || aggregate_id) ~* 'needle'",
        ledger.posting().posting_id,
    )
    assert found == 0


def test_an_event_is_keyed_by_subject_and_transition(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    keys = ledger.value(
        "select count(*) = count(distinct event_key) from execution_events where posting_id = %s",
        ledger.posting().posting_id,
    )
    assert keys is True


def test_a_retry_and_a_release_are_transitions_of_their_own(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    ledger.fail([ledger.claim_one("extract_summary")])
    ledger.forget_backoff()
    ledger.complete("extract_summary", [ledger.claim_one("extract_summary")])
    events = ledger.rows(
        "select event_type from execution_events where posting_id = %s and"
        " (metadata ->> 'conversation_id')::integer = 3335 order by event_id",
        ledger.posting().posting_id,
    )
    assert [e.event_type for e in events] == [
        "node_scheduled", "interaction_running", "interaction_failed", "node_scheduled",
        "interaction_running", "interaction_completed",
    ]  # fmt: skip


def test_flags_are_events_too(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    (one,) = ledger.interactions("save_ihl")
    for enabled in (False, True):
        ledger.owner.execute(
            "update interactions set enabled = %s where interaction_id = %s",
            (enabled, one.interaction_id),
        )
    events = ledger.rows(
        "select event_type from execution_events where aggregate_type = 'interaction'"
        " and aggregate_id = %s order by event_id",
        str(one.interaction_id),
    )
    assert [e.event_type for e in events] == [
        "interaction_completed", "interaction_disabled", "interaction_enabled",
    ]  # fmt: skip


@pytest.mark.parametrize("broken", [
    "alter table execution_events add constraint no_more check (false) not valid",
    "alter table execution_events drop column event_type cascade",
])  # fmt: skip
def test_work_goes_on_when_events_cannot_be_written_and_the_loss_is_counted(
    own_ledger: Driver, broken: str
) -> None:
    own_ledger.owner.execute(broken)
    own_ledger.fetch()
    own_ledger.run()
    assert own_ledger.posting().ihl_score == 12
    lost = own_ledger.rows("select subject, sum(events) as events from lost_events group by 1")
    assert {row.subject for row in lost} == set(TABLES)
    assert own_ledger.rows("select problem from audit_lost_events") != []
    assert own_ledger.rows("select from execution_events") == []


def test_work_goes_on_when_even_the_loss_cannot_be_counted(own_ledger: Driver) -> None:
    for table in ("execution_events", "lost_events"):
        own_ledger.owner.execute(f"alter table {table} add constraint none check (false) not valid")
    own_ledger.fetch()
    own_ledger.run()
    assert own_ledger.posting().ihl_score == 12
