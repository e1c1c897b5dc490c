"""Script steps: done in a set, in one transaction; one posting that raises fails alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.canned_answers import canned_answer
from tests.ledger_driver import Driver, by_posting
from ty_pipeline.errors import LedgerError

NAMES = ("good", "bad", "fine")


def answer_with(ledger: Driver, step: str, bad: dict[str, Any]) -> None:
    """Answer the calls of a model step, the posting "bad" with these changes."""
    for name, call in by_posting(ledger.claim(step), ledger).items():
        output, branch = canned_answer(step, call)
        assert ledger.complete_with(step, call, output | (bad if name == "bad" else {}), branch)


def owed(ledger: Driver, step: str) -> None:
    ledger.fetch(*(ledger.job(n) for n in NAMES))
    ledger.run(until=step)


def test_all_that_is_owed_is_done_at_once(ledger: Driver) -> None:
    ledger.fetch(*(ledger.job(f"j{n}") for n in range(20)))
    assert ledger.script("validate_description") == (20, 0)
    assert ledger.script("validate_description") == (0, 0)
    started = {i.started_at for i in ledger.interactions("validate_description")}
    assert len(started) == 1


def test_a_script_is_born_completed_without_a_lease(ledger: Driver) -> None:
    ledger.fetch()
    ledger.script("validate_description")
    (one,) = ledger.interactions("validate_description")
    node = ledger.node("validate_description")
    assert (one.status, one.branch, one.actor_type) == ("completed", "valid", "script")
    assert (node.status, node.lease_owner) == ("completed", None)


BAD_SKILLS = {
    "a weight that is no number": {"weight": "heavy"},
    "a weight outside its band": {"weight": 20, "importance": "essential"},
    "an importance that is not declared": {"importance": "vital"},
    "no name": {"name": None},
    "years that are no number": {"years_required": "many"},
}


@pytest.mark.parametrize("bad", BAD_SKILLS.values(), ids=BAD_SKILLS)
def test_a_posting_whose_skills_cannot_be_saved_fails_alone(
    ledger: Driver, bad: dict[str, Any]
) -> None:
    owed(ledger, "extract_skills")
    skill = {
        "name": "SQL", "importance": "bonus", "weight": 10, "proficiency": "expert",
        "years_required": None, "evidence": "SQL", "taxonomy_id": None,
    }  # fmt: skip
    answer_with(ledger, "extract_skills", {"skills": [skill | bad]})
    assert ledger.script("save_skills") == (2, 1)
    failed = ledger.interactions("save_skills", "bad")
    assert [(i.status, i.error_class, i.output, i.branch) for i in failed] == [
        ("failed", "unexpected", None, None)
    ]
    assert failed[0].error_message.startswith("script_save_skills: ")
    assert ledger.status("save_skills", "bad") == "failed"
    assert ledger.posting("bad").skill_keywords is None
    assert ledger.posting("good").skill_keywords == ["SQL", "Python", "German"]
    assert ledger.script("save_skills") == (0, 0)


def test_a_score_that_is_no_number_fails_alone(ledger: Driver) -> None:
    owed(ledger, "ihl_expert")
    answer_with(ledger, "ihl_expert", {"score": "high"})
    assert ledger.script("save_ihl") == (2, 1)
    assert [ledger.status("save_ihl", n) for n in NAMES] == ["completed", "failed", "completed"]


def test_a_missing_input_of_a_script_is_refused_and_named(ledger: Driver) -> None:
    owed(ledger, "ihl_expert")
    answer_with(ledger, "ihl_expert", {"category": " "})
    assert ledger.script("save_ihl") == (2, 1)
    (refused,) = ledger.interactions("save_ihl", "bad")
    assert refused.error_class == "invalid_input"
    assert "input expert" in refused.error_message and "blank in category" in refused.error_message


def test_messages_and_skills_of_a_set_that_failed_are_written_once(ledger: Driver) -> None:
    owed(ledger, "extract_skills")
    answer_with(ledger, "extract_skills", {"skills": [{"name": None}]})
    ledger.script("save_skills")
    rows = ledger.rows(
        "select k.posting_id, count(*) as skills from posting_skills k join postings p using (posting_id)"
        " where p.source_id = %s group by 1",
        ledger.source,
    )
    assert [r.skills for r in rows] == [3, 3]
    edges = ledger.value(
        "select count(*) from interaction_inputs e join interactions i using (interaction_id)"
        " where i.interaction_id = any(%s)",
        [i.interaction_id for i in ledger.interactions("save_skills")],
    )
    assert edges == 3


def test_no_more_than_the_limit_is_done_at_once(ledger: Driver) -> None:
    ledger.fetch(*(ledger.job(f"j{n}") for n in range(5)))
    done = [
        ledger.pipeline.execute(
            "select completed from run_script_work(3001, 9193, %s, 2, 'w')", (ledger.partition(),)
        ).fetchone()
        for _ in range(4)
    ]
    assert done == [(2,), (2,), (1,), (0,)]


def test_a_model_step_is_not_done_by_a_script(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="extract_summary")
    with pytest.raises(LedgerError, match="conversation 3335 is not done by a script"):
        ledger.script("extract_summary")
    assert ledger.status("extract_summary") == "scheduled"
