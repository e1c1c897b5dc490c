"""Inputs are bound by id and checked before anything is called; their hash decides reuse."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests.ledger_driver import DAY, Driver, step_id
from ty_pipeline.ledger.declare import declare_workflow
from ty_pipeline.workflow.model import ActorSpec
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001


def owed_grade(ledger: Driver, *jobs: dict[str, Any]) -> None:
    ledger.fetch(*jobs)
    ledger.run(until="grade_a")


def test_what_is_sent_is_what_is_recorded(ledger: Driver) -> None:
    owed_grade(ledger)
    call = ledger.claim_one("grade_a")
    (recorded,) = ledger.interactions("grade_a")
    assert recorded.input == call.input
    assert call.input["posting"] == {
        "title": "Engineer j1",
        "company": "Example Ltd",
        "description": ledger.text("j1"),
    }


def test_a_guard_is_recorded_as_an_edge_and_not_sent(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    call = ledger.claim_one("extract_summary")
    assert set(call.input) == {"posting"}
    assert set(ledger.edges(call.interaction_id)) == {"posting", "validation"}


def test_a_script_is_handed_ids_instead_of_texts(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    (formatted,) = ledger.interactions("format_summary")
    (written,) = ledger.interactions("extract_summary")
    assert formatted.input["summary"] == {"interaction_id": written.interaction_id, "field": None}
    assert formatted.input["posting"] == {
        "posting_version_id": ledger.posting().current_version_id,
        "field": None,
    }


@pytest.mark.parametrize("blank", ["", "  \n\t ", None])
def test_a_blank_input_refuses_the_call_and_is_named(ledger: Driver, blank: str | None) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    call = ledger.claim_one("extract_summary")
    ledger.complete("extract_summary", [call], role=blank)
    claimed = ledger.claim("grade_a")
    assert (claimed.calls, claimed.claimed, claimed.refused) == ((), 1, 1)
    (refused,) = ledger.interactions("grade_a")
    assert (refused.status, refused.error_class) == ("failed", "invalid_input")
    assert (
        refused.error_message
        == f"input summary (interaction {call.interaction_id}) is blank in role"
    )
    assert ledger.status("grade_a") == "failed"
    assert (
        ledger.edges(refused.interaction_id)["summary"].input_interaction_id == call.interaction_id
    )


def test_every_blank_key_of_every_input_is_named(ledger: Driver) -> None:
    ledger.fetch(ledger.job(title=" "))
    ledger.run(until="extract_summary")
    assert ledger.claim("ihl_analyst").refused == 1
    (refused,) = ledger.interactions("ihl_analyst")
    version = ledger.posting().current_version_id
    assert refused.error_message == f"input posting (content version {version}) is blank in title"


def test_a_missing_output_refuses_the_call_and_is_named(ledger: Driver) -> None:
    owed_grade(ledger)
    ledger.run(until="improve_summary")
    ledger.run_step("ihl_analyst")
    skeptic = ledger.claim_one("ihl_skeptic")
    ledger.complete_with("ihl_skeptic", skeptic, None)
    assert ledger.claim("ihl_expert").refused == 1
    (refused,) = ledger.interactions("ihl_expert")
    assert (
        refused.error_message == f"input skeptic (interaction {skeptic.interaction_id}) is missing"
    )
    assert refused.started_at is not None and refused.output is None


def test_an_output_without_the_required_key_is_blank_in_it(ledger: Driver) -> None:
    owed_grade(ledger)
    analyst = ledger.claim_one("ihl_analyst")
    ledger.complete_with("ihl_analyst", analyst, {"reasoning": "no verdict"})
    assert ledger.claim("ihl_skeptic").refused == 1
    (refused,) = ledger.interactions("ihl_skeptic")
    assert "input analyst" in refused.error_message and "blank in verdict" in refused.error_message


def test_a_refused_call_is_not_tried_again(ledger: Driver) -> None:
    ledger.fetch(ledger.job(title=""))
    ledger.run(until="extract_summary")
    assert ledger.claim("ihl_analyst").refused == 1
    assert ledger.claim("ihl_analyst").claimed == 0
    assert len(ledger.interactions("ihl_analyst")) == 1


def test_a_refused_input_stops_nobody_else(ledger: Driver) -> None:
    ledger.fetch(ledger.job("good"), ledger.job("bad", title=""), ledger.job("fine"))
    ledger.run(until="extract_summary")
    claimed = ledger.claim("ihl_analyst")
    assert (len(claimed.calls), claimed.refused) == (2, 1)
    assert ledger.status("ihl_analyst", "bad") == "failed"


def test_a_refused_call_starts_by_itself_when_its_input_gets_better(ledger: Driver) -> None:
    ledger.fetch(ledger.job(title=""))
    ledger.run()
    assert ledger.status("extract_summary") == "failed"
    ledger.fetch(ledger.job(title="Engineer"), day="2026-01-06")
    ledger.run(day="2026-01-06")
    assert ledger.posting().extracted_summary is not None


def test_the_digest_of_the_inputs_follows_from_the_edges(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(verdicts={"grade_a[0]": "fail"})
    for one in ledger.interactions():
        parts = [
            f"{handle}={'i' if e.input_interaction_id else 'c'}{e.input_interaction_id or e.posting_version_id}"
            for handle, e in ledger.edges(one.interaction_id).items()
        ]
        expected = hashlib.md5(" ".join(parts).encode(), usedforsecurity=False).hexdigest()
        assert one.inputs_key.hex == expected


def test_equal_inputs_hash_equal_and_another_actor_setting_hashes_differently(
    own_ledger: Driver,
) -> None:
    own_ledger.fetch(own_ledger.job("a", title="T", description=own_ledger.text()))
    own_ledger.run()
    declare_workflow(own_ledger.owner, with_setting("ihl_analyst", version="2"))
    own_ledger.fetch(
        own_ledger.job("b", title="T", description=own_ledger.text(), locations=["Bonn"]),
        day="2026-01-06",
    )
    own_ledger.run(day="2026-01-06")
    hashes = {
        (i.step, i.posting_id): i.input_hash
        for i in own_ledger.interactions()
        if i.actor_type == "ai_model"
    }
    a, b = (own_ledger.posting(name).posting_id for name in ("a", "b"))
    assert hashes["extract_summary", a] == hashes["extract_summary", b]
    assert hashes["ihl_analyst", a] != hashes["ihl_analyst", b]
    assert {i.step for i in own_ledger.model_calls("b")} == {"ihl_analyst"}


def test_a_changed_prompt_hashes_differently(own_ledger: Driver) -> None:
    own_ledger.fetch(own_ledger.job("a", title="T", description=own_ledger.text()))
    own_ledger.run()
    own_ledger.owner.execute(
        "insert into conversation_versions (conversation_id, version, prompt, digest)"
        " values (%(c)s, 2, 'another prompt', sha256('another prompt'))",
        {"c": step_id("extract_summary")},
    )
    own_ledger.owner.execute(
        "update workflow_conversations set version = 2 where conversation_id = %s",
        (step_id("extract_summary"),),
    )
    own_ledger.fetch(
        own_ledger.job("b", title="T", description=own_ledger.text(), locations=["Bonn"]),
        day="2026-01-06",
    )
    own_ledger.run(day="2026-01-06")
    (call,) = own_ledger.model_calls("b")
    assert (call.step, call.conversation_version) == ("extract_summary", 2)


def test_an_unchanged_output_of_a_redone_step_is_an_equal_input(own_ledger: Driver) -> None:
    """The redone writer says the same, so the graders are asked no second time."""
    own_ledger.fetch(own_ledger.job("a", title="T", description=own_ledger.text()))
    own_ledger.run()
    declare_workflow(own_ledger.owner, with_setting("extract_summary", version="2"))
    own_ledger.fetch(
        own_ledger.job("b", title="T", description=own_ledger.text(), locations=["Bonn"]),
        day="2026-01-06",
    )
    own_ledger.run(day="2026-01-06")
    assert [i.step for i in own_ledger.model_calls("b")] == ["extract_summary"]


def test_work_is_claimed_only_in_its_partition(ledger: Driver) -> None:
    owed_grade(ledger)
    assert ledger.claim("grade_a", day="2026-01-06").claimed == 0
    assert ledger.claim("grade_a", day=DAY).claimed == 1


def with_setting(step: str, **settings: object) -> Any:
    """Workflow 3001 with other settings of one model actor."""
    from dataclasses import replace

    def changed(one: Any) -> Any:
        if one.name != step:
            return one
        actor = ActorSpec(
            actor_type="ai_model", model=one.actor.model, settings=tuple(settings.items())
        )
        return replace(one, actor=actor)

    return replace(
        WORKFLOW_3001, conversations=tuple(changed(c) for c in WORKFLOW_3001.conversations)
    )
