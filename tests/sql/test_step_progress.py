"""Progress by step: what counts as able to reach a step, and that only valid, enabled work counts."""

from __future__ import annotations

from typing import Any

from tests.ledger_driver import Driver

STATES = ("coming", "owed", "running", "waiting_for_person", "done", "failed", "paused")


def progress(driver: Driver, day: str = "2026-01-05") -> dict[str, Any]:
    """Rows of the view by step and round ("regrade[1]")."""
    found = driver.rows(
        "select * from step_progress where partition_key = %s order by topological_order",
        driver.partition(day),
    )
    return {f"{row.canonical_name}[{row.round}]": row for row in found}


def counts(row: Any) -> dict[str, int]:
    """The states that any posting is in."""
    return {name: getattr(row, name) for name in STATES if getattr(row, name)}


def test_before_any_work_every_step_may_still_be_reached(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"))
    rows = progress(ledger)
    assert counts(rows["validate_description[0]"]) == {"owed": 2}
    assert counts(rows["save_ihl[0]"]) == {"coming": 2}
    assert counts(rows["improve_summary[3]"]) == {"coming": 2}
    assert {row.can_reach for row in rows.values()} == {2}
    assert len(rows) == 19


def test_fetching_is_no_step_of_a_posting(ledger: Driver) -> None:
    ledger.fetch()
    assert "fetch_jobs[0]" not in progress(ledger)


def test_states_and_what_is_coming_add_up_to_what_can_reach_the_step(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"), ledger.job("j3"))
    ledger.run(until="extract_summary")
    ledger.claim("extract_summary", limit=1)
    rows = progress(ledger)
    assert counts(rows["extract_summary[0]"]) == {"owed": 2, "running": 1}
    for row in rows.values():
        assert row.can_reach == sum(getattr(row, name) for name in STATES)


def test_an_accepted_summary_can_reach_no_improvement_and_no_ticket(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    rows = progress(ledger)
    assert not {name for name in rows if name.startswith(("improve", "regrade", "create_ticket"))}
    assert all(counts(row) == {"done": 1} for row in rows.values())


def test_a_summary_that_was_improved_once_can_reach_no_second_round(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(verdicts={"grade_a[0]": "fail"})
    rows = progress(ledger)
    assert counts(rows["improve_summary[1]"]) == {"done": 1}
    assert "improve_summary[2]" not in rows
    assert "create_ticket[0]" not in rows


def test_a_ticket_waits_for_a_person_and_what_follows_it_is_coming(ledger: Driver) -> None:
    ledger.fetch()
    fails = dict.fromkeys(("grade_a[0]", "regrade[1]", "regrade[2]", "regrade[3]"), "fail")
    ledger.run(verdicts=fails)  # type: ignore[arg-type]
    rows = progress(ledger)
    assert counts(rows["create_ticket[0]"]) == {"waiting_for_person": 1}
    assert counts(rows["save_skills[0]"]) == {"coming": 1}
    assert counts(rows["save_ihl[0]"]) == {"done": 1}


def test_a_posting_without_a_description_can_reach_nothing_after_validation(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1", description=None), ledger.job("j2"))
    ledger.run()
    rows = progress(ledger)
    assert counts(rows["validate_description[0]"]) == {"done": 2}
    assert rows["extract_summary[0]"].can_reach == 1


def test_a_failed_step_keeps_what_follows_from_looking_finished(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="ihl_analyst")
    ledger.fail(ledger.claim("ihl_analyst").calls, "schema")
    rows = progress(ledger)
    assert counts(rows["ihl_analyst[0]"]) == {"failed": 1}
    assert counts(rows["save_ihl[0]"]) == {"coming": 1}


def test_invalidated_work_is_owed_again_and_not_done(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    (summary,) = ledger.interactions("extract_summary")
    ledger.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = 'wrong'"
        " where interaction_id = %s",
        (summary.interaction_id,),
    )
    rows = progress(ledger)
    assert counts(rows["extract_summary[0]"]) == {"owed": 1}
    assert counts(rows["save_skills[0]"]) == {"coming": 1}
    assert counts(rows["save_ihl[0]"]) == {"done": 1}


def test_disabled_work_is_paused_and_not_done(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    (skills,) = ledger.interactions("extract_skills")
    ledger.owner.execute(
        "update interactions set enabled = false where interaction_id = %s",
        (skills.interaction_id,),
    )
    rows = progress(ledger)
    assert counts(rows["extract_skills[0]"]) == {"paused": 1}
    assert counts(rows["save_skills[0]"]) == {"coming": 1}


def test_partitions_are_counted_apart(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"))
    ledger.fetch(ledger.job("j2"), ledger.job("j3"), day="2026-01-06")
    assert progress(ledger)["validate_description[0]"].owed == 1
    assert progress(ledger, "2026-01-06")["validate_description[0]"].owed == 2
