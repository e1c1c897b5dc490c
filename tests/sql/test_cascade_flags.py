"""A flag typed into psql: what falls with it, what stays, and what is owed in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import psycopg
import pytest

from tests.ledger_driver import Driver
from ty_pipeline.database.connect import connect

SUMMARY_CHAIN = {
    "extract_summary",
    "grade_a",
    "grade_b",
    "format_summary",
    "save_summary",
    "extract_skills",
    "save_skills",
}


@pytest.fixture
def operator(shared_url: str) -> Iterator[psycopg.Connection]:
    """A connection as an operator's psql has it."""
    with connect(shared_url, role="ty_operator") as connection:
        yield connection


def mark(
    operator: psycopg.Connection, interactions: Iterable[int], reason: str = "hallucinated"
) -> None:
    operator.execute(
        "update interactions set invalidated = true, invalidation_reason = %s"
        " where interaction_id = any(%s)",
        (reason, list(interactions)),
    )


def of_step(ledger: Driver, step: str, external_id: str | None = None) -> int:
    """The newest interaction of a step."""
    return int(ledger.interactions(step, external_id)[-1].interaction_id)


def invalidated_steps(ledger: Driver, external_id: str | None = None) -> set[str]:
    return {i.step for i in ledger.interactions(external_id=external_id) if i.invalidated}


def test_what_read_an_invalidated_summary_falls_with_it_and_nothing_else(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"))
    ledger.run()
    mark(operator, [of_step(ledger, "extract_summary", "j1")])
    assert invalidated_steps(ledger, "j1") == SUMMARY_CHAIN
    assert invalidated_steps(ledger, "j2") == set()


def test_published_values_are_withdrawn_and_work_is_owed_in_the_same_transaction(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch()
    ledger.run()
    mark(operator, [of_step(ledger, "extract_summary")])
    posting = ledger.posting()
    assert (posting.extracted_summary, posting.skill_keywords) == (None, None)
    assert posting.ihl_score is not None
    node = ledger.node("extract_summary")
    assert node is not None and node.status == "scheduled"


def test_the_next_run_redoes_exactly_what_fell(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch()
    ledger.run()
    before = {i.interaction_id for i in ledger.interactions()}
    mark(operator, [of_step(ledger, "extract_summary")])
    ledger.run()
    redone = [i.step for i in ledger.interactions() if i.interaction_id not in before]
    assert sorted(redone) == sorted(SUMMARY_CHAIN)
    assert ledger.posting().extracted_summary is not None


def test_a_tainted_result_is_called_again_and_not_reused(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch()
    ledger.run()
    mark(operator, [of_step(ledger, "extract_summary")])
    ledger.run()
    assert [i.reused_from for i in ledger.interactions("extract_summary")] == [None, None]


def test_results_that_share_one_call_fall_together(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    advert = {"title": "Clerk", "description": ledger.text("one advert")}
    ledger.fetch(
        ledger.job("j1", locations=["Kiel"], **advert),
        ledger.job("j2", locations=["Ulm"], **advert),
    )
    ledger.run()
    mark(operator, [of_step(ledger, "extract_summary", "j2")])
    assert invalidated_steps(ledger, "j1") == SUMMARY_CHAIN


def test_one_update_of_many_rows_counts_a_row_whose_input_is_among_them_as_fallen(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch()
    ledger.run()
    everything = [i.interaction_id for i in ledger.interactions() if i.step in SUMMARY_CHAIN]
    mark(operator, everything, "all of it")
    causes = ledger.rows(
        "select c.canonical_name from invalidation_hits h join invalidations v using (invalidation_id)"
        " join interactions i using (interaction_id) join conversations c using (conversation_id)"
        " where h.is_cause and v.reason = 'all of it' and i.interaction_id = any(%s)",
        everything,
    )
    assert [c.canonical_name for c in causes] == ["extract_summary"]


def test_a_diamond_is_hit_once(ledger: Driver, operator: psycopg.Connection) -> None:
    ledger.fetch()
    ledger.run()
    mark(operator, [of_step(ledger, "extract_summary")], "diamond")
    hits = ledger.value(
        "select count(*) - count(distinct interaction_id) from invalidation_hits"
        " join invalidations using (invalidation_id) where reason = 'diamond'"
    )
    assert hits == 0


def test_marking_again_changes_nothing_more(ledger: Driver, operator: psycopg.Connection) -> None:
    ledger.fetch()
    ledger.run()
    summary = of_step(ledger, "extract_summary")
    mark(operator, [summary])
    before = ledger.rows("select * from interactions order by interaction_id")
    acts = ledger.value("select count(*) from invalidations")
    mark(operator, [summary])
    assert ledger.rows("select * from interactions order by interaction_id") == before
    assert ledger.value("select count(*) from invalidations") == acts


def test_without_a_reason_it_is_refused(ledger: Driver, operator: psycopg.Connection) -> None:
    ledger.fetch()
    ledger.run()
    with pytest.raises(psycopg.Error, match="without a reason") as refused:
        operator.execute(
            "update interactions set invalidated = true where interaction_id = %s",
            (of_step(ledger, "extract_summary"),),
        )
    assert refused.value.sqlstate == "TY006"


def test_lifting_by_hand_is_refused_and_names_reinstating(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch()
    ledger.run()
    summary = of_step(ledger, "extract_summary")
    mark(operator, [summary])
    with pytest.raises(psycopg.Error, match="reinstating") as refused:
        operator.execute(
            "update interactions set invalidated = false where interaction_id = %s", (summary,)
        )
    assert refused.value.sqlstate == "TY006"


def test_a_fetch_takes_the_postings_that_only_it_supports(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"), day="2026-01-05")
    ledger.run(day="2026-01-05")
    ledger.fetch(ledger.job("j2"), day="2026-01-06")
    fetch = ledger.value(
        "select min(fetch_interaction_id) from sightings join postings using (posting_id)"
        " where source_id = %s",
        ledger.source,
    )
    mark(operator, [fetch], "wrong board")
    assert ledger.posting("j1").status == "invalidated"
    assert ledger.posting("j1").extracted_summary is None
    assert ledger.posting("j2").status == "active"
    assert ledger.posting("j2").extracted_summary is not None
    assert invalidated_steps(ledger, "j2") == set()


def test_a_disabled_interaction_is_withdrawn_and_not_redone(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch()
    ledger.run()
    before = len(ledger.interactions())
    operator.execute(
        "update interactions set enabled = false where interaction_id = %s",
        (of_step(ledger, "extract_summary"),),
    )
    node = ledger.node("extract_summary")
    assert node is not None and node.status == "paused"
    assert ledger.posting().extracted_summary is None
    ledger.run()
    assert len(ledger.interactions()) == before


def test_enabling_it_again_publishes_again_without_a_call(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch()
    ledger.run()
    summary, published = of_step(ledger, "extract_summary"), ledger.posting().extracted_summary
    for flag in (False, True):
        operator.execute(
            "update interactions set enabled = %s where interaction_id = %s", (flag, summary)
        )
    assert ledger.posting().extracted_summary == published


def test_every_invalidation_is_an_event(ledger: Driver, operator: psycopg.Connection) -> None:
    ledger.fetch()
    ledger.run()
    mark(operator, [of_step(ledger, "extract_summary")])
    events = ledger.rows(
        "select event_type from execution_events e join postings p using (posting_id)"
        " where p.source_id = %s and event_type = 'interaction_invalidated'",
        ledger.source,
    )
    assert len(events) == len(SUMMARY_CHAIN)


def test_invalidated_work_has_an_invalid_input_nowhere(
    ledger: Driver, operator: psycopg.Connection
) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"))
    ledger.run()
    mark(operator, [of_step(ledger, "validate_description", "j1")])
    assert ledger.rows("select * from audit_invalid_inputs") == []
    assert ledger.rows("select * from audit_published_values") == []
