"""Synchronising what is declared: twice is once, a change is a new version, nothing is owed by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.ledger_driver import Driver, step_id
from ty_pipeline.ledger import declare
from ty_pipeline.ledger.declare import as_json, declare_workflow
from ty_pipeline.workflow.model import ActorSpec, Branch, Conversation
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

TABLES = (
    "workflows", "actors", "conversations", "conversation_versions", "workflow_conversations",
    "workflow_nodes", "conversation_branches", "conversation_inputs",
)  # fmt: skip


def configuration(ledger: Driver) -> dict[str, list[Any]]:
    return {
        table: sorted(map(tuple, ledger.rows(f"select xmin::text, * from {table}")), key=repr)
        for table in TABLES
    }


def changed(name: str, **changes: Any) -> Any:
    """Workflow 3001 with one conversation changed."""
    conversations = tuple(
        replace(c, **changes) if c.name == name else c for c in WORKFLOW_3001.conversations
    )
    return replace(WORKFLOW_3001, conversations=conversations)


def step_of(ledger: Driver, name: str) -> Any:
    return ledger.row(
        "select * from workflow_conversations where conversation_id = %s", step_id(name)
    )


def test_everything_declared_is_in_the_tables(own_ledger: Driver) -> None:
    declared = as_json(WORKFLOW_3001, {})
    counts = {table: own_ledger.value(f"select count(*) from {table}") for table in TABLES}
    assert counts["conversations"] == len(declared["conversations"]) == 16
    assert counts["workflow_nodes"] == len(declared["nodes"]) == 20
    assert counts["conversation_inputs"] == len(declared["inputs"])
    assert counts["conversation_branches"] == sum(
        len(c["branches"]) for c in declared["conversations"]
    )


def test_declaring_twice_writes_nothing(own_ledger: Driver) -> None:
    before = configuration(own_ledger)
    declare_workflow(own_ledger.owner, WORKFLOW_3001)
    assert configuration(own_ledger) == before


def test_a_changed_prompt_is_a_new_version_and_the_old_one_stays(
    own_ledger: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = declare.prompt_text

    def another(conversation: Conversation) -> str:
        return "another" if conversation.name == "ihl_analyst" else text(conversation)

    monkeypatch.setattr(declare, "prompt_text", another)
    declare_workflow(own_ledger.owner, WORKFLOW_3001)
    versions = own_ledger.rows(
        "select version, prompt from conversation_versions where conversation_id = %s order by 1",
        step_id("ihl_analyst"),
    )
    assert [v.version for v in versions] == [1, 2]
    assert versions[1].prompt == "another" != versions[0].prompt
    assert step_of(own_ledger, "ihl_analyst").version == 2
    monkeypatch.undo()
    declare_workflow(own_ledger.owner, WORKFLOW_3001)
    assert step_of(own_ledger, "ihl_analyst").version == 1
    assert own_ledger.value("select count(*) from conversation_versions") == 17


def test_a_changed_setting_is_a_new_actor_and_the_old_one_stays(own_ledger: Driver) -> None:
    before = step_of(own_ledger, "ihl_analyst").actor_id
    actor = ActorSpec(actor_type="ai_model", model="ihl-flags-1", settings=(("version", "2"),))
    declare_workflow(own_ledger.owner, changed("ihl_analyst", actor=actor))
    after = step_of(own_ledger, "ihl_analyst").actor_id
    assert after != before
    assert own_ledger.value("select settings from actors where actor_id = %s", after) == {
        "version": "2"
    }
    declare_workflow(own_ledger.owner, WORKFLOW_3001)
    assert step_of(own_ledger, "ihl_analyst").actor_id == before


def test_a_setting_of_this_installation_is_part_of_the_actor(own_ledger: Driver) -> None:
    declare_workflow(own_ledger.owner, WORKFLOW_3001, {"extract_skills": {"taxonomy": "digest"}})
    actor = step_of(own_ledger, "extract_skills").actor_id
    assert own_ledger.value("select settings from actors where actor_id = %s", actor) == {
        "taxonomy": "digest"
    }


def test_a_change_makes_nothing_owed(own_ledger: Driver) -> None:
    own_ledger.fetch()
    own_ledger.run()
    before = own_ledger.statuses()
    actor = ActorSpec(actor_type="ai_model", model="another-model")
    declare_workflow(own_ledger.owner, changed("extract_summary", actor=actor))
    own_ledger.run()
    assert own_ledger.statuses() == before
    assert len(own_ledger.interactions("extract_summary")) == 1


def test_new_work_uses_the_new_actor(own_ledger: Driver) -> None:
    actor = ActorSpec(actor_type="ai_model", model="another-model")
    declare_workflow(own_ledger.owner, changed("extract_summary", actor=actor))
    own_ledger.fetch()
    own_ledger.run()
    assert own_ledger.interactions("extract_summary")[0].model == "another-model"


def test_a_new_timeout_and_meaning_replace_the_old(own_ledger: Driver) -> None:
    branches = (Branch(label="*", meaning="another meaning"),)
    declare_workflow(own_ledger.owner, changed("ihl_analyst", timeout_seconds=7, branches=branches))
    assert step_of(own_ledger, "ihl_analyst").timeout_seconds == 7
    assert (
        own_ledger.value(
            "select meaning from conversation_branches where conversation_id = %s",
            step_id("ihl_analyst"),
        )
        == "another meaning"
    )


def test_producers_come_before_their_readers(own_ledger: Driver) -> None:
    early = own_ledger.rows(
        "select i.conversation_id, i.handle from conversation_inputs i"
        " join workflow_nodes r using (workflow_id, conversation_id, round)"
        " join workflow_nodes p on p.workflow_id = i.workflow_id"
        "  and p.conversation_id = i.producer_conversation_id and p.round = i.producer_round"
        " where p.topological_order >= r.topological_order"
    )
    assert early == []


def test_every_set_of_inputs_has_one_last_producer(own_ledger: Driver) -> None:
    sets = own_ledger.rows(
        "select count(*) filter (where is_last) as last from conversation_inputs"
        " group by workflow_id, conversation_id, round, alternative"
    )
    assert {s.last for s in sets} == {1}
