"""Which nodes have what they need: joins, guards and the improve loop."""

from __future__ import annotations

import itertools

import pytest

from tests.canned_answers import Verdict
from tests.ledger_driver import Driver

FAIL: Verdict = "fail"
NEVER_GOOD: dict[str, Verdict] = {
    "grade_a[0]": FAIL, "regrade[1]": FAIL, "regrade[2]": FAIL, "regrade[3]": FAIL,
}  # fmt: skip
VERDICTS: tuple[Verdict, ...] = ("pass", "fail")


@pytest.mark.parametrize(("a", "b"), list(itertools.product(VERDICTS, VERDICTS)))
@pytest.mark.parametrize("last", ["grade_a", "grade_b"])
def test_one_verdict_decides_nothing_and_both_decide_once(
    ledger: Driver, a: Verdict, b: Verdict, last: str
) -> None:
    ledger.fetch()
    ledger.run(until="grade_a")
    verdicts: dict[str, Verdict] = {"grade_a[0]": a, "grade_b[0]": b}
    first = "grade_b" if last == "grade_a" else "grade_a"
    ledger.run_step(first, verdicts=verdicts)
    assert ledger.node("improve_summary", round_=1) is None
    assert ledger.node("format_summary") is None
    ledger.run_step(last, verdicts=verdicts)
    passed = (a, b) == ("pass", "pass")
    assert ledger.status("format_summary") == ("scheduled" if passed else "idle")
    assert ledger.status("improve_summary", round_=1) == ("idle" if passed else "scheduled")


def test_improve_reads_the_description_the_summary_before_and_every_verdict_before(
    ledger: Driver,
) -> None:
    ledger.fetch()
    ledger.run(until="improve_summary", verdicts={"grade_b[0]": FAIL})
    call = ledger.claim_one("improve_summary")
    (written,) = ledger.interactions("extract_summary")
    (verdict_a,) = ledger.interactions("grade_a")
    (verdict_b,) = ledger.interactions("grade_b")
    assert call.round == 1
    assert set(call.input) == {"posting", "summary", "verdict_a", "verdict_b"}
    assert call.input["summary"] == written.output
    assert call.input["verdict_a"] == verdict_a.output
    assert call.input["verdict_b"] == verdict_b.output
    assert call.input["posting"]["description"] == ledger.text("j1")


def test_the_second_round_reads_what_the_first_round_made(ledger: Driver) -> None:
    ledger.fetch()
    verdicts: dict[str, Verdict] = {"grade_a[0]": FAIL, "regrade[1]": FAIL}
    ledger.run_step("validate_description")
    for step in ("extract_summary", "grade_a", "grade_b", "improve_summary", "regrade"):
        ledger.run_step(step, verdicts=verdicts)
    call = ledger.claim_one("improve_summary")
    (improved,) = ledger.interactions("improve_summary")[:1]
    (verdict,) = ledger.interactions("regrade")
    assert call.round == 2
    assert set(call.input) == {"posting", "summary", "verdict"}
    assert call.input["summary"] == improved.output
    assert call.input["verdict"] == verdict.output


def test_a_summary_accepted_in_round_two_is_the_one_that_is_formatted(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(verdicts={"grade_a[0]": FAIL, "regrade[1]": FAIL})
    rounds = ledger.interactions("improve_summary")
    (formatted,) = ledger.interactions("format_summary")
    edges = ledger.edges(formatted.interaction_id)
    assert [i.round for i in rounds] == [1, 2]
    assert edges["summary"].input_interaction_id == rounds[1].interaction_id
    assert set(edges) == {"posting", "summary", "verdict"}
    assert "Engineer j1, round 2" in ledger.posting().extracted_summary
    assert "create_ticket[0]" not in ledger.statuses()


def test_a_summary_that_fails_three_rounds_waits_for_a_person_and_is_not_published(
    ledger: Driver,
) -> None:
    ledger.fetch()
    ledger.run(verdicts=NEVER_GOOD)
    assert [i.round for i in ledger.interactions("improve_summary")] == [1, 2, 3]
    assert [i.branch for i in ledger.interactions("regrade")] == ["fail"] * 3
    (ticket,) = ledger.interactions("create_ticket")
    assert (ticket.status, ticket.actor_type) == ("suspended", "human")
    assert (ledger.status("create_ticket"), ledger.node("create_ticket").lease_owner) == (
        "suspended",
        None,
    )
    assert ledger.interactions("format_summary") == []
    posting = ledger.posting()
    assert (posting.extracted_summary, posting.skill_keywords) == (None, None)
    assert (posting.status, posting.ihl_score) == ("active", 12)


def test_a_ticket_holds_the_texts_of_all_rounds_and_all_grades(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(verdicts=NEVER_GOOD)
    (ticket,) = ledger.interactions("create_ticket")
    assert set(ticket.input) == {
        "posting", "summary_0", "summary_1", "summary_2", "summary_3",
        "verdict_a", "verdict_b", "verdict_1", "verdict_2", "verdict_3",
    }  # fmt: skip
    assert set(ledger.edges(ticket.interaction_id)) == set(ticket.input)


def test_a_fourth_round_does_not_exist(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(verdicts=NEVER_GOOD)
    ledger.run(verdicts=NEVER_GOOD)
    assert len(ledger.interactions("improve_summary")) == 3
    assert len(ledger.interactions("regrade")) == 3


def test_skills_wait_for_a_saved_summary_and_see_neither_location_nor_job_id(
    ledger: Driver,
) -> None:
    ledger.fetch(
        ledger.job(
            "secret-4711", title="Baker", description=ledger.text(), locations=["Castrop-Rauxel"]
        )
    )
    ledger.run(until="save_summary")
    assert ledger.statuses("secret-4711").get("extract_skills[0]") is None
    ledger.run(until="extract_skills")
    call = ledger.claim_one("extract_skills")
    assert set(call.input) == {"posting", "saved"}
    assert set(call.input["posting"]) == {"title", "company", "description"}
    sent = call.input["saved"]["text"]
    assert "**Role:**" in sent and "Castrop" not in sent and "4711" not in sent
