"""Early cut-off: an earlier result of the same inputs, prompt and actor makes no call."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ledger_driver import Driver

CITIES = ("Berlin", "Hamburg", "Munich", "Cologne", "Frankfurt")
LATER = "2026-01-06"


def advert(ledger: Driver, external_id: str, city: str, **changes: Any) -> dict[str, Any]:
    """One advert, the same in every city."""
    return ledger.job(
        external_id, title="Barista", description=ledger.text(), locations=[city], **changes
    )


def test_the_same_advert_in_another_city_makes_no_call(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    ledger.fetch(advert(ledger, "second", "Bonn"), day=LATER)
    ledger.run(day=LATER)
    assert len(ledger.model_calls("first")) == 7
    assert ledger.model_calls("second") == []
    originals = {i.step: i for i in ledger.interactions(external_id="first")}
    for one in ledger.interactions(external_id="second"):
        if one.actor_type == "ai_model":
            assert one.reused_from == originals[one.step].interaction_id
            assert (one.status, one.output, one.branch) == (
                "completed", originals[one.step].output, originals[one.step].branch,
            )  # fmt: skip


def test_reuse_is_no_edge(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    ledger.fetch(advert(ledger, "second", "Bonn"), day=LATER)
    ledger.run(day=LATER)
    own = {i.interaction_id for i in ledger.interactions(external_id="second")}
    for one in ledger.interactions(external_id="second"):
        read = {e.input_interaction_id for e in ledger.edges(one.interaction_id).values()}
        assert read - {None} <= own


def test_five_cities_are_one_call_a_step_and_five_right_summaries(ledger: Driver) -> None:
    ledger.fetch(*(advert(ledger, f"id-{city}", city) for city in CITIES))
    ledger.run()
    assert len(ledger.model_calls()) == 7
    for city in CITIES:
        summary = ledger.posting(f"id-{city}").extracted_summary
        assert f"**Location:** {city}\n" in summary
        assert f"**Job ID:** id-{city}\n" in summary
        for other in set(CITIES) - {city}:
            assert other not in summary
        assert ledger.posting(f"id-{city}").skill_keywords == ["SQL", "Python", "German"]


@pytest.mark.parametrize("key", ["title", "company", "description"])
def test_another_title_company_or_description_is_another_call(ledger: Driver, key: str) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    changed = ledger.text("other") if key == "description" else "Other"
    ledger.fetch(advert(ledger, "second", "Berlin") | {key: changed}, day=LATER)
    ledger.run(day=LATER)
    assert len(ledger.model_calls("second")) >= 1


def test_a_disabled_result_is_not_reused(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    (analyst,) = ledger.interactions("ihl_analyst")
    ledger.owner.execute(
        "update interactions set enabled = false where interaction_id = %s",
        (analyst.interaction_id,),
    )
    ledger.fetch(advert(ledger, "second", "Bonn"), day=LATER)
    ledger.run(day=LATER)
    assert [i.step for i in ledger.model_calls("second")] == ["ihl_analyst"]


def taint(ledger: Driver, interaction_id: int, *, is_cause: bool = True) -> int:
    """An invalidation that hits the row; its id. The row itself is left as it is."""
    return int(
        ledger.value(
            "with act as (insert into invalidations (reason, invalidated_by) values ('wrong', 'test')"
            " returning invalidation_id)"
            " insert into invalidation_hits select invalidation_id, %s, %s from act returning invalidation_id",
            interaction_id,
            is_cause,
        )
    )


def test_a_result_that_was_itself_the_cause_is_not_reused(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    (analyst,) = ledger.interactions("ihl_analyst")
    taint(ledger, analyst.interaction_id)
    ledger.fetch(advert(ledger, "second", "Bonn"), day=LATER)
    ledger.run(day=LATER)
    assert [i.step for i in ledger.model_calls("second")] == ["ihl_analyst"]


def test_a_result_whose_copy_was_the_cause_is_not_reused_either(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"), advert(ledger, "second", "Bonn"))
    ledger.run()
    _, copy = ledger.interactions("ihl_analyst")
    assert copy.reused_from is not None
    taint(ledger, copy.interaction_id)
    ledger.fetch(advert(ledger, "third", "Essen"), day=LATER)
    ledger.run(day=LATER)
    assert [i.step for i in ledger.model_calls("third")] == ["ihl_analyst"]


def test_a_result_that_fell_only_by_cascade_taints_nothing(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    (analyst,) = ledger.interactions("ihl_analyst")
    taint(ledger, analyst.interaction_id, is_cause=False)
    ledger.fetch(advert(ledger, "second", "Bonn"), day=LATER)
    ledger.run(day=LATER)
    assert ledger.model_calls("second") == []


def test_a_lifted_invalidation_taints_no_more(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    (analyst,) = ledger.interactions("ihl_analyst")
    invalidation = taint(ledger, analyst.interaction_id)
    ledger.owner.execute(
        "update invalidations set reinstated_at = now(), reinstated_by = 'test'"
        " where invalidation_id = %s",
        (invalidation,),
    )
    ledger.fetch(advert(ledger, "second", "Bonn"), day=LATER)
    ledger.run(day=LATER)
    assert ledger.model_calls("second") == []


def test_after_a_tainted_result_the_fresh_one_is_reused(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    (analyst,) = ledger.interactions("ihl_analyst")
    taint(ledger, analyst.interaction_id)
    for name, day in (("second", LATER), ("third", "2026-01-07")):
        ledger.fetch(advert(ledger, name, "Bonn"), day=day)
        ledger.run(day=day)
    assert ledger.model_calls("third") == []
    fresh = ledger.interactions("ihl_analyst", "second")[0].interaction_id
    assert ledger.interactions("ihl_analyst", "third")[0].reused_from == fresh


def test_a_failed_result_is_not_reused(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run(until="extract_summary")
    ledger.fail([ledger.claim_one("extract_summary")], "schema")
    ledger.fetch(advert(ledger, "second", "Bonn"), day=LATER)
    ledger.run(until="extract_summary", day=LATER)
    assert len(ledger.claim("extract_summary", day=LATER).calls) == 1


def test_a_reused_result_counts_as_reused_and_is_not_called(ledger: Driver) -> None:
    ledger.fetch(advert(ledger, "first", "Berlin"))
    ledger.run()
    ledger.fetch(advert(ledger, "second", "Bonn"), ledger.job("third"), day=LATER)
    ledger.run(until="extract_summary", day=LATER)
    claimed = ledger.claim("extract_summary", day=LATER)
    assert (claimed.claimed, claimed.reused, claimed.refused) == (2, 1, 0)
    assert [c.posting_id for c in claimed.calls] == [ledger.posting("third").posting_id]


def test_running_a_partition_twice_makes_no_second_interaction(ledger: Driver) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"))
    ledger.run()
    before = len(ledger.interactions())
    ledger.run()
    assert len(ledger.interactions()) == before
