"""Finding a posting by what a person calls it, and reading its whole story."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver, new_driver
from ty_pipeline.errors import UsageError
from ty_pipeline.ledger.tracing import Trace, find_posting, read_finished, read_trace


def story(driver: Driver, external_id: str = "j1") -> Trace:
    posting_id = find_posting(driver.pipeline, f"{driver.source}:{external_id}")
    return read_trace(driver.pipeline, posting_id)


def test_a_posting_is_found_by_id_and_by_source_and_external_id(ledger: Driver) -> None:
    ledger.fetch()
    posting_id = ledger.posting().posting_id
    assert find_posting(ledger.pipeline, str(posting_id)) == posting_id
    assert find_posting(ledger.pipeline, f"{ledger.source}:j1") == posting_id


def test_an_external_id_is_enough_where_one_source_has_it(ledger: Driver) -> None:
    ledger.fetch(ledger.job("req:7/b"))
    assert find_posting(ledger.pipeline, "req:7/b") == ledger.posting("req:7/b").posting_id


def test_an_external_id_of_two_sources_names_both_candidates(ledger: Driver) -> None:
    other = new_driver(ledger.owner, ledger.pipeline)
    for driver in (ledger, other):
        driver.fetch(driver.job("shared"))
    with pytest.raises(UsageError) as raised:
        find_posting(ledger.pipeline, "shared")
    for driver in (ledger, other):
        name = f"{driver.posting('shared').posting_id} ({driver.source}:shared)"
        assert name in str(raised.value)


def test_a_number_that_is_no_id_may_be_an_external_id(ledger: Driver) -> None:
    ledger.fetch(ledger.job("900000001"))
    found = find_posting(ledger.pipeline, "900000001")
    assert found == ledger.posting("900000001").posting_id


@pytest.mark.parametrize("name", ["", "nobody", "x:y", "9" * 30, "٣", "\udce9", "a b", "%"])
def test_a_name_that_nothing_has_is_one_sentence(ledger: Driver, name: str) -> None:
    with pytest.raises(UsageError, match="There is no posting"):
        find_posting(ledger.pipeline, name)


def test_the_story_has_content_published_values_and_every_interaction(ledger: Driver) -> None:
    ledger.fetch()
    ledger.fetch(day="2026-01-06")
    ledger.run()
    trace = story(ledger)
    (version,) = trace.versions
    assert [s.partition_key for s in version.sightings] == [
        ledger.partition(),
        ledger.partition("2026-01-06"),
    ]
    assert trace.posting.ihl_interaction_id == trace.interactions[-1].interaction_id
    assert len(trace.interactions) == 12
    assert all(one.is_current for one in trace.interactions)
    assert {node.status for node in trace.nodes} == {"completed"}


def test_interactions_are_in_the_order_they_were_claimed_with_their_inputs(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    trace = story(ledger)
    ids = [one.interaction_id for one in trace.interactions]
    assert ids == sorted(ids)
    by_name = {one.canonical_name: one for one in trace.interactions}
    inputs = {edge.handle: edge for edge in by_name["grade_b"].inputs}
    assert inputs["summary"].input_interaction_id == by_name["extract_summary"].interaction_id
    assert inputs["posting"].posting_version_id == trace.versions[0].posting_version_id


def test_a_version_that_no_valid_fetch_saw_is_still_told(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1", title="Old"))
    ledger.fetch(ledger.job("j1", title="New"), day="2026-01-06")
    ledger.owner.execute(
        "update interactions set invalidated = true, invalidation_reason = 'wrong board'"
        " where partition_key = %s and posting_id is null",
        (ledger.partition("2026-01-06"),),
    )
    old, new = story(ledger).versions
    assert (old.title, old.is_current, old.sightings[0].is_supported) == ("Old", True, True)
    assert (new.title, new.is_current, new.sightings[0].is_supported) == ("New", False, False)


def test_a_shared_result_says_whose_it_is(ledger: Driver) -> None:
    same = {"title": "One advert", "description": ledger.text("in two cities")}
    ledger.fetch(ledger.job("j1", **same), ledger.job("j2", **same))
    ledger.run()
    first, second = (
        next(i for i in story(ledger, name).interactions if i.canonical_name == "grade_a")
        for name in ("j1", "j2")
    )
    assert (first.reused_from, second.reused_from) == (None, first.interaction_id)


def test_examples_are_postings_of_which_everything_is_published(own_ledger: Driver) -> None:
    own_ledger.fetch(own_ledger.job("j1", description=None), *map(own_ledger.job, ("j2", "j3")))
    assert read_finished(own_ledger.pipeline, limit=5) == []
    own_ledger.run()
    shown = read_finished(own_ledger.pipeline, limit=5)
    assert [one.external_id for one in shown] == ["j2", "j3"]
    assert len(read_finished(own_ledger.pipeline, limit=1)) == 1
