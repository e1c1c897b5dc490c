"""4. No valid interaction has an invalid input; nothing published comes from withdrawn work."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver
from tests.lock_waits import backend, background, wait_until_blocked
from ty_pipeline.ledger import work

STEPS = [
    "validate_description", "extract_summary", "grade_a", "grade_b", "format_summary", "save_summary",
    "extract_skills", "save_skills", "ihl_analyst", "ihl_skeptic", "ihl_expert", "save_ihl",
]  # fmt: skip
AUDITS = ("audit_invalid_inputs", "audit_withdrawn_publications", "audit_published_values",
          "audit_owed_nodes", "audit_completed_nodes", "audit_posting_status")  # fmt: skip


def violations(ledger: Driver) -> list[object]:
    postings = [
        r[0]
        for r in ledger.rows("select posting_id from postings where source_id = %s", ledger.source)
    ]
    return [
        row
        for audit in AUDITS
        for row in ledger.rows(f"select problem from {audit} where posting_id = any(%s)", postings)
    ]


def mark(ledger: Driver, flag: str, interaction_id: int) -> None:
    changes = {
        "invalidated": "invalidated = true, invalidation_reason = 'wrong'",
        "disabled": "enabled = false",
    }
    ledger.owner.execute(
        f"update interactions set {changes[flag]} where interaction_id = %s", (interaction_id,)
    )


@pytest.mark.parametrize("flag", ["invalidated", "disabled"])
@pytest.mark.parametrize("step", STEPS)
def test_whatever_is_withdrawn_nothing_published_rests_on_it(
    ledger: Driver, step: str, flag: str
) -> None:
    ledger.fetch(ledger.job("a"), ledger.job("b"))
    ledger.run()
    untouched = ledger.posting("b")
    mark(ledger, flag, ledger.interactions(step, "a")[0].interaction_id)
    assert violations(ledger) == []
    assert ledger.posting("b") == untouched
    ledger.run()
    assert violations(ledger) == []


@pytest.mark.parametrize("flag", ["invalidated", "disabled"])
def test_a_withdrawn_fetch_takes_everything_that_only_it_brought(ledger: Driver, flag: str) -> None:
    ledger.fetch()
    ledger.run()
    fetch = ledger.value(
        "select interaction_id from interactions where partition_key = %s and posting_id is null",
        ledger.partition(),
    )
    mark(ledger, flag, fetch)
    posting = ledger.posting()
    assert (posting.extracted_summary, posting.skill_keywords, posting.ihl_score) == (None,) * 3
    assert violations(ledger) == []


@pytest.mark.parametrize("flag", ["invalidated", "disabled"])
def test_withdrawing_waits_for_a_completion_and_sees_it(
    ledger: Driver, second: Driver, flag: str
) -> None:
    ledger.fetch()
    ledger.run(until="ihl_skeptic")
    call = ledger.claim_one("ihl_skeptic")
    analyst = ledger.interactions("ihl_analyst")[0].interaction_id
    with background() as start:
        with ledger.pipeline.transaction():
            ledger.complete("ihl_skeptic", [call])
            other = Driver(**{**vars(second), "owner": second.pipeline})
            second.pipeline.execute("reset role")
            marked = start(lambda: mark(other, flag, analyst))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        marked.result()
    assert violations(ledger) == []
    assert ledger.status("ihl_expert") == "idle"


@pytest.mark.parametrize("flag", ["invalidated", "disabled"])
def test_a_completion_waits_for_a_withdrawal_and_does_not_count(
    ledger: Driver, second: Driver, flag: str
) -> None:
    ledger.fetch()
    ledger.run(until="ihl_skeptic")
    call = ledger.claim_one("ihl_skeptic")
    with background() as start:
        with ledger.owner.transaction():
            mark(ledger, flag, ledger.interactions("ihl_analyst")[0].interaction_id)
            done = start(lambda: second.complete("ihl_skeptic", [call]))
            wait_until_blocked(ledger.owner, backend(second.pipeline))
        assert done.result() == {call.interaction_id: True}
    assert violations(ledger) == []
    assert (ledger.status("ihl_skeptic"), ledger.status("ihl_expert")) == ("idle", "idle")
    assert ledger.interactions("ihl_skeptic")[0].invalidated is (flag == "invalidated")


def test_an_answer_that_comes_after_its_input_was_invalidated_is_kept_and_invalid(
    ledger: Driver,
) -> None:
    ledger.fetch()
    ledger.run(until="ihl_skeptic")
    call = ledger.claim_one("ihl_skeptic")
    mark(ledger, "invalidated", ledger.interactions("ihl_analyst")[0].interaction_id)
    ledger.complete("ihl_skeptic", [call])
    (one,) = ledger.interactions("ihl_skeptic")
    assert one.invalidated
    assert one.output is not None
    assert violations(ledger) == []


def test_the_audits_see_a_published_value_that_rests_on_invalid_work(own_ledger: Driver) -> None:
    own_ledger.fetch()
    own_ledger.run()
    (expert,) = own_ledger.interactions("ihl_expert")
    with own_ledger.owner.transaction():
        own_ledger.owner.execute("set local session_replication_role = replica")
        own_ledger.owner.execute(
            "update interactions set invalidated = true, invalidation_reason = 'r', invalidated_at = now(),"
            " invalidated_by = 'x' where interaction_id = %s",
            (expert.interaction_id,),
        )
    (saved,) = own_ledger.interactions("save_ihl")
    for audit in ("audit_invalid_inputs", "audit_withdrawn_publications"):
        assert [r.interaction_id for r in own_ledger.rows(f"select * from {audit}")] == [
            saved.interaction_id
        ]


def test_releasing_work_leaves_no_violation(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="ihl_skeptic")
    work.release_work(ledger.pipeline, [ledger.claim_one("ihl_skeptic")])
    assert violations(ledger) == []
