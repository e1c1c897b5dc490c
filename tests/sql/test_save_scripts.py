"""The three save steps: what they publish, what they refuse, and that they keep everything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ledger_driver import Driver


def answered(ledger: Driver, step: str, output: dict[str, Any]) -> Driver:
    """Everything done, a model step answered like this."""
    ledger.fetch()
    ledger.run(until=step)
    ledger.complete_with(step, ledger.claim_one(step), output)
    ledger.run()
    return ledger


def skill(name: str, weight: int, importance: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": name, "importance": importance, "weight": weight, "proficiency": "expert",
        "years_required": None, "evidence": f"knows {name}", "taxonomy_id": None,
    } | changes  # fmt: skip


def test_every_skill_is_kept_whether_a_taxonomy_knows_it_or_not(ledger: Driver) -> None:
    skills = [
        skill("SQL", 95, "essential", taxonomy_id="t:1"),
        skill("Yak shaving", 40, "important"),
    ]
    answered(ledger, "extract_skills", {"skills": skills})
    rows = ledger.rows(
        "select * from posting_skills where posting_id = %s order by skill_number",
        ledger.posting().posting_id,
    )
    assert [(r.name, r.taxonomy_id, r.evidence) for r in rows] == [
        ("SQL", "t:1", "knows SQL"), ("Yak shaving", None, "knows Yak shaving"),
    ]  # fmt: skip
    assert {r.interaction_id for r in rows} == {ledger.posting().skill_keywords_interaction_id}


def test_keywords_are_heaviest_first_and_ties_stay_in_order(ledger: Driver) -> None:
    skills = [
        skill("C", 10, "bonus"), skill("A", 95, "essential"), skill("B2", 50, "important"),
        skill("B1", 50, "important"),
    ]  # fmt: skip
    answered(ledger, "extract_skills", {"skills": skills})
    assert ledger.posting().skill_keywords == ["A", "B2", "B1", "C"]


def test_no_skills_are_published_as_none(ledger: Driver) -> None:
    answered(ledger, "extract_skills", {"skills": []})
    posting = ledger.posting()
    assert (posting.skill_keywords, posting.skill_keywords_interaction_id is None) == ([], False)


@pytest.mark.parametrize("skills", [None, "SQL", {"name": "SQL"}])
def test_skills_that_are_no_list_are_not_published(ledger: Driver, skills: Any) -> None:
    answered(ledger, "extract_skills", {"skills": skills})
    (one,) = ledger.interactions("save_skills")
    assert (one.status, one.branch) == ("completed", "failed")
    assert ledger.posting().skill_keywords is None


@pytest.mark.parametrize(
    ("score", "category", "branch"),
    [
        (0, "GENUINE", "saved"), (39, "GENUINE", "saved"), (40, "BORDERLINE", "saved"),
        (69, "BORDERLINE", "saved"), (70, "COMPLIANCE_THEATER", "saved"),
        (99, "COMPLIANCE_THEATER", "saved"), (100, "FAKE", "saved"), (40, "GENUINE", "failed"),
        (100, "COMPLIANCE_THEATER", "failed"), (-1, "GENUINE", "failed"), (101, "FAKE", "failed"),
        (39.5, "GENUINE", "failed"), (None, "GENUINE", "failed"), (5, "genuine", "failed"),
    ],
)  # fmt: skip
def test_a_score_is_published_only_with_the_category_of_its_band(
    ledger: Driver, score: Any, category: str, branch: str
) -> None:
    answered(ledger, "ihl_expert", {"score": score, "category": category})
    (one,) = ledger.interactions("save_ihl")
    assert (one.status, one.branch) == ("completed", branch)
    posting = ledger.posting()
    expected = (score, category) if branch == "saved" else (None, None)
    assert (posting.ihl_score, posting.ihl_category) == expected


@pytest.mark.parametrize(
    ("description", "branch"),
    [(None, "no_description"), ("", "no_description"), ("   ", "no_description"), ("x" * 99, "too_short"),
     (" " * 50 + "x" * 99, "too_short"), ("x" * 100, "valid"), ("ü" * 100, "valid")],
)  # fmt: skip
def test_a_description_of_a_hundred_characters_is_enough(
    ledger: Driver, description: str | None, branch: str
) -> None:
    ledger.fetch(ledger.job(description=description))
    ledger.run_step("validate_description")
    (one,) = ledger.interactions("validate_description")
    assert one.branch == branch
    assert one.output == {"characters": len((description or "").strip())}


@pytest.mark.parametrize("text", ["\n" * 120, " \t\n" * 50])
def test_a_description_of_white_space_is_none(ledger: Driver, text: str) -> None:
    ledger.fetch(ledger.job(description=text))
    ledger.run()
    assert ledger.posting().status == "no_description"
    assert ledger.model_calls() == []


def test_a_summary_of_under_fifty_characters_is_not_published(own_ledger: Driver) -> None:
    """The template alone is longer, so the script is called by itself."""
    own_ledger.fetch()
    own_ledger.run(until="save_summary")
    (formatted,) = own_ledger.interactions("format_summary")
    branches = []
    for length in (49, 50):
        with own_ledger.owner.transaction(force_rollback=True):
            own_ledger.owner.execute("set local session_replication_role = replica")
            own_ledger.owner.execute(
                "update interactions set output = jsonb_build_object('text', repeat('x', %s), 'body', '')"
                " where interaction_id = %s",
                (length, formatted.interaction_id),
            )
            own_ledger.owner.execute("set local session_replication_role = origin")
            own_ledger.owner.execute(
                "select * from run_script_work(3001, 9168, %s, 10, 'w')", (own_ledger.partition(),)
            )
            (one,) = own_ledger.interactions("save_summary")
            branches.append((one.branch, own_ledger.posting().extracted_summary is None))
    assert branches == [("failed", True), ("saved", False)]
