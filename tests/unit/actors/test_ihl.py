"""The three IHL roles: what each flag sees and does not, how it is answered, what it weighs."""

from __future__ import annotations

import asyncio
import csv
import gzip
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ty_pipeline.actors.answer import Actor
from ty_pipeline.actors.ihl import IhlAnalyst, IhlExpert, IhlSkeptic
from ty_pipeline.actors.ihl_flags import FLAGS
from ty_pipeline.actors.ihl_objections import OBJECTIONS
from ty_pipeline.actors.schema import validate_output
from ty_pipeline.errors import PermanentActorError

DATA = Path(__file__).parents[3] / ".." / "shared" / "data"
FILLER = (
    "We look for a colleague for our office in the north of the town. You answer letters, keep the "
    "books, plan visits and help wherever help is needed. We offer a fair wage, thirty days of "
    "holiday and a quiet room. You have finished a training in an office and like people. Write "
    "to us, and tell us what you did before. We answer every letter within two weeks, and we "
    "pay the way to the first meeting. Nobody has to know everything on the first day. "
)


def ask(actor: Actor, **inputs: object) -> dict[str, Any]:
    return asyncio.run(actor.answer(inputs)).output


def posting(text: str, *, title: str = "Clerk", company: str = "Example Ltd") -> dict[str, str]:
    return {"title": title, "company": company, "description": FILLER + text}


def judge(given: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    analyst = ask(IhlAnalyst(), posting=given)
    skeptic = ask(IhlSkeptic(), posting=given, analyst=analyst)
    expert = ask(IhlExpert(), posting=given, analyst=analyst, skeptic=skeptic)
    for flag in (*analyst["red_flags"], *expert["red_flags"]):
        assert given["description"][flag["start"] : flag["end"]] == flag["quote"] != ""
    validate_output("ihl_analyst", analyst)
    validate_output("ihl_skeptic", skeptic)
    validate_output("ihl_expert", expert)
    return analyst, skeptic, expert


def codes(text: str, **more: str) -> set[str]:
    analyst, _, _ = judge(posting(text, **more))
    return {flag["flag"] for flag in analyst["red_flags"]}


SEEN = [
    ("already_filled", "Please note that this position has already been filled."),
    ("already_filled", "Die Stelle ist bereits intern besetzt."),
    ("candidate_identified", "An internal candidate has been identified for this role."),
    ("candidate_identified", "Ein interner Bewerber ist bereits vorhanden."),
    ("insiders_only", "This position is only open to current permanent employees of the city."),
    ("insiders_only", "ALL CANDIDATES MUST BE PERMANENT IN THE TITLE OF ENGINEER."),
    ("insiders_only", "Only applicants who are permanent in the title will be considered."),
    ("insiders_only", "Internal applicants only."),
    ("insiders_only", "Die Ausschreibung richtet sich ausschließlich an Beschäftigte des Hauses."),
    ("insiders_only", "Nur interne Bewerbungen werden berücksichtigt."),
    ("insiders_preferred", "Preference will be given to current employees."),
    ("insiders_preferred", "Interne Bewerber werden bevorzugt berücksichtigt."),
    ("holder_in_place", "The role is currently filled on an acting basis."),
    ("holder_in_place", "Es geht um die Entfristung der Stelle."),
    ("tenure_in_house", "At least four years with this agency."),
    ("tenure_in_house", "Mindestens 3 Jahre Betriebszugehörigkeit."),
    ("tenure_in_house", "You have 5 years with Example Ltd."),
    ("insider_knowledge", "Experience with our internal billing systems is needed."),
    ("insider_knowledge", "Kenntnisse der internen Abläufe setzen wir voraus."),
    ("insider_knowledge", "Deep knowledge of Example Ltd procedures is a must."),
    ("insider_channel", "Apply on our intranet until Friday."),
    ("insider_channel", "Bewerbung bitte über das Intranet."),
    ("insider_reference", "With a recommendation from your current supervisor."),
    ("insider_reference", "Mit Zustimmung des derzeitigen Vorgesetzten."),
    ("exact_tenure", "Exactly seven years of experience."),
    ("exact_tenure", "Genau 7 Jahre Erfahrung."),
    ("exact_tenure", "6 years and 4 months of experience in filing."),
    ("short_window", "Applications are accepted for 3 days only."),
    ("short_window", "Die Bewerbungsfrist endet innerhalb von 3 Tagen."),
    ("no_vacancy", "This posting is for a talent pool."),
    ("no_vacancy", "Diese Ausschreibung dient unserem Talentpool."),
    ("compliance_notice", "This job is posted in accordance with section 12."),
    ("compliance_notice", "Die Stelle wird ausgeschrieben gemäß Absatz 3."),
    ("earlier_round", "Previous applicants need not apply again."),
    ("earlier_round", "Eine erneute Bewerbung ist nicht nötig."),
]


@pytest.mark.parametrize(("code", "text"), SEEN)
def test_each_flag_is_found_and_quotes_its_sentence(code: str, text: str) -> None:
    given = posting(text)
    flags = {flag["flag"]: flag for flag in ask(IhlAnalyst(), posting=given)["red_flags"]}
    assert code in flags
    assert flags[code]["quote"] in text
    assert len(flags[code]["quote"]) > len(text) // 2


def test_every_flag_that_is_declared_has_an_example_here() -> None:
    assert {flag.code for flag in FLAGS} == {code for code, _ in SEEN}


def test_no_flag_can_match_where_none_of_its_triggers_stands() -> None:
    by_code = {flag.code: flag for flag in FLAGS}
    for code, text in SEEN:
        flag = by_code[code]
        low = re.sub(r"[\s,.]+", " ", f" {text.lower()} ")
        if flag.pattern.search(low):
            assert any(trigger in low for trigger in flag.triggers), text


def test_every_objection_answers_flags_that_exist() -> None:
    others = {"odd_combination", "junior_with_years", "thin_posting"}
    known = {flag.code for flag in FLAGS} | others
    assert {code for objection in OBJECTIONS for code in objection.codes} <= known


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We welcome applications from everyone, whatever their age, faith or origin.",
        "You must be a permanent resident of the country.",
        "This position is not only open to current employees.",
        "You have 5 years of experience with Python and a degree in physics.",
        "You work 5 days a week, and reply to requests within 2 days.",
        "Internal and external communication is your daily work in an international team.",
        "Knowledge of operating systems and internal combustion engines.",
        "Applications are filled with stories; the selected candidate will report to us.",
        "The identified risks are posted on a board, in compliance with the law.",
        "Ensure compliance with our policies. Build a pipeline of future projects.",
        "You will keep the intranet up to date and lead the conversion of old files.",
        "Bei gleicher Eignung werden schwerbehinderte Menschen bevorzugt.",
        "Wir suchen ab sofort Verstärkung, unbefristet und in Vollzeit.",
    ],
)
def test_ordinary_sentences_raise_no_flag_and_score_low(text: str) -> None:
    analyst, skeptic, expert = judge(posting(text))
    assert analyst["red_flags"] == []
    assert (analyst["verdict"], skeptic["verdict"]) == ("GENUINE", "GENUINE")
    assert expert["score"] == 5
    assert expert["category"] == "GENUINE"
    assert expert["recommendation"] == "APPLY"


def test_an_absence_of_flags_is_not_called_a_proof() -> None:
    analyst, _, expert = judge(posting(""))
    assert "no proof" in analyst["reasoning"]
    assert "cannot see" in expert["reasoning"]


def test_a_junior_title_with_senior_years_is_flagged() -> None:
    text = "At least 8 years of experience in banking."
    assert codes(text, title="Junior Analyst") == {"junior_with_years"}
    assert codes(text, title="Analyst") == set()
    assert codes("The course lasts 8 years.", title="Junior Analyst") == set()


def test_a_sentence_that_describes_one_person_is_flagged() -> None:
    text = (
        "You have 7 years of work in the dairy industry, a master's in law, a clean license and "
        "are fluent in Danish, must reside in Flensburg"
    )
    assert codes(text) == {"odd_combination"}
    _, skeptic, _ = judge(posting(text, title="Senior counsel"))
    assert skeptic["verdict"] == "WEAK_CASE"


def test_a_posting_of_nearly_nothing_is_flagged_faintly() -> None:
    given = {"title": "Clerk", "company": "", "description": "We are hiring. Call us."}
    analyst, skeptic, expert = judge(given)
    assert [flag["flag"] for flag in analyst["red_flags"]] == ["thin_posting"]
    assert analyst["verdict"] == skeptic["verdict"] == expert["category"] == "GENUINE"
    assert expert["confidence"] < 0.6


@pytest.mark.parametrize(
    ("text", "answer", "verdict"),
    [
        ("Exactly seven years as a registered nurse.", "regulated professions", "WEAK_CASE"),
        (
            "Only permanent employees may apply, or those reachable on the list.",
            "way in for people from outside",
            "WEAK_CASE",
        ),
        (
            "Knowledge of our internal systems or similar software.",
            "comparable counts as well",
            "WEAK_CASE",
        ),
        ("Apply on the intranet. External applicants send an e-mail.", "outside", "WEAK_CASE"),
        ("Previous applicants need not apply again.", "spares applicants", "GENUINE"),
        ("Applications accepted for 3 days, open until filled.", "stays open", "WEAK_CASE"),
    ],
)
def test_the_skeptic_answers_with_words_of_the_posting(
    text: str, answer: str, verdict: str
) -> None:
    given = posting(text)
    analyst, skeptic, expert = judge(given)
    assert analyst["red_flags"]
    assert skeptic["verdict"] == verdict
    assert answer in skeptic["challenges"][0]["argument"]
    assert skeptic["challenges"][0]["quote"] in given["description"]
    assert expert["category"] == "GENUINE"
    assert expert["red_flags"][0]["severity"] == "low"


def test_a_flag_that_nothing_answers_stands() -> None:
    _, skeptic, expert = judge(posting("Exactly seven years of experience."))
    assert (skeptic["verdict"], skeptic["challenges"]) == ("PLAUSIBLE", [])
    assert expert["score"] == 29


def test_a_door_closed_to_outsiders_is_theatre_and_its_pool_tiny() -> None:
    analyst, skeptic, expert = judge(posting("This job is open only to current employees."))
    assert (analyst["verdict"], skeptic["verdict"]) == ("PRE_WIRED", "PLAUSIBLE")
    assert 70 <= expert["score"] <= 99
    assert expert["category"] == "COMPLIANCE_THEATER"
    assert (expert["candidate_pool"], expert["recommendation"]) == ("TINY", "SKIP")


def test_a_job_that_is_taken_is_fake() -> None:
    _, _, expert = judge(posting("This position has already been filled."))
    assert (expert["score"], expert["category"]) == (100, "FAKE")


def test_several_medium_flags_reach_the_border() -> None:
    text = "Preference will be given to current employees. The job is currently held by a clerk."
    _, _, expert = judge(posting(text))
    assert 40 <= expert["score"] <= 69
    assert (expert["category"], expert["recommendation"]) == ("BORDERLINE", "CAUTION")


def test_flags_of_a_chat_model_are_answered_when_their_quote_is_not_in_the_posting() -> None:
    flag = {"flag": "made up", "quote": "never written", "severity": "high", "start": 0, "end": 3}
    analyst = {"verdict": "PRE_WIRED", "red_flags": [flag, "noise"], "reasoning": ""}
    skeptic = ask(IhlSkeptic(), posting=posting(""), analyst=analyst)
    assert skeptic["verdict"] == "WEAK_CASE"
    assert "do not stand in the posting" in skeptic["challenges"][0]["argument"]
    expert = ask(IhlExpert(), posting=posting(""), analyst=analyst, skeptic=skeptic)
    assert expert["category"] == "GENUINE"


@pytest.mark.parametrize("missing", ["posting", "analyst", "skeptic"])
def test_a_missing_input_is_refused_by_name(missing: str) -> None:
    given = posting("")
    analyst, skeptic, _ = judge(given)
    inputs = {"posting": given, "analyst": analyst, "skeptic": skeptic, missing: None}
    with pytest.raises(PermanentActorError, match=missing) as caught:
        asyncio.run(IhlExpert().answer(inputs))
    assert caught.value.error_class == "invalid_input"


def test_of_real_city_postings_most_are_genuine_and_internal_ones_are_flagged_more_often() -> None:
    tally: Counter[tuple[str, str]] = Counter()
    fields = ("Job Description", "Preferred Skills", "Additional Information", "To Apply")
    with gzip.open(DATA / "nyc_jobs.csv.gz", "rt", encoding="utf-8", errors="replace") as lines:
        for row in list(csv.DictReader(lines))[::8]:
            text = "\n\n".join(row[field] for field in fields if row[field])
            given = {"title": row["Business Title"], "company": row["Agency"], "description": text}
            if text.strip() and given["title"].strip():
                tally[row["Posting Type"], judge(given)[2]["category"]] += 1
    share = {
        kind: tally[kind, "GENUINE"] / sum(n for (k, _), n in tally.items() if k == kind)
        for kind in ("Internal", "External")
    }
    assert share["External"] > 0.9
    assert 0.6 < share["Internal"] < share["External"]


PIECES = [text for _, text in SEEN] + [
    "\n",
    "•",
    "Example Ltd",
    "İ",
    "🙂",
    "…",
    "\u00a0",
    "5 years ",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), min_size=1, max_size=12))
def test_any_text_gives_valid_and_repeatable_verdicts(parts: list[str]) -> None:
    given = {"title": "Junior x", "company": "Example Ltd", "description": "x" + " ".join(parts)}
    assert judge(given) == judge(given)
