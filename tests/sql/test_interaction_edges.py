"""What each interaction consumed, by handle."""

from __future__ import annotations

from tests.ledger_driver import Driver


def test_inputs_name_the_interaction_and_its_step_or_the_content_version(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    (grade,) = ledger.interactions("grade_a")
    (summary,) = ledger.interactions("extract_summary")
    edges = {
        edge.handle: edge
        for edge in ledger.rows(
            "select * from interaction_edges where interaction_id = %s", grade.interaction_id
        )
    }
    assert set(edges) == {"posting", "summary"}
    assert edges["posting"].posting_version_id == ledger.posting().current_version_id
    assert edges["summary"].input_interaction_id == summary.interaction_id
    assert edges["summary"].input_canonical_name == "extract_summary"
    assert {edge.posting_id for edge in edges.values()} == {grade.posting_id}


def test_a_fetch_consumed_a_trigger_input(ledger: Driver) -> None:
    ledger.fetch(feed="monday.csv")
    edge = ledger.row(
        "select e.* from interaction_edges e join interactions i using (interaction_id)"
        " where i.partition_key = %s and i.posting_id is null",
        ledger.partition(),
    )
    assert (edge.handle, edge.trigger_input_id) == ("feed", "monday.csv")
