"""The summary in its fixed template: three lines from the posting's own row, nothing of it markup."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger_driver import Driver

HEADERS = (
    "**Role:**", "**Company:**", "**Location:**", "**Job ID:**", "**Key Responsibilities:**",
    "**Requirements:**", "**Details:**",
)  # fmt: skip


def formatted(ledger: Driver, posting: dict[str, Any], **summary: Any) -> str:
    """The published summary of a posting whose writer answered this."""
    ledger.fetch(posting)
    ledger.run(until="extract_summary")
    ledger.complete("extract_summary", ledger.claim("extract_summary").calls, **summary)
    ledger.run()
    return str(ledger.posting(posting["external_id"]).extracted_summary)


def test_the_headers_stand_in_the_order_of_the_template(ledger: Driver) -> None:
    text = formatted(ledger, ledger.job())
    positions = [text.index(header) for header in HEADERS]
    assert positions == sorted(positions)
    assert text.count("**") == 2 * len(HEADERS)


def test_company_location_and_job_id_come_from_the_postings_own_row(ledger: Driver) -> None:
    posting = ledger.job("4711", company="Example Ltd", locations=["Berlin", "Bonn"])
    text = formatted(ledger, posting, company="Invented Inc", location="Atlantis", job_id="0815")
    assert "**Company:** Example Ltd\n" in text
    assert "**Location:** Berlin; Bonn\n" in text
    assert "**Job ID:** 4711\n" in text
    assert "Invented" not in text and "Atlantis" not in text and "0815" not in text


def test_lists_are_bullets(ledger: Driver) -> None:
    text = formatted(ledger, ledger.job(), key_responsibilities=["One", "Two", "Three"])
    assert "**Key Responsibilities:**\n- One\n- Two\n- Three\n" in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold**", r"\*\*bold\*\*"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[click](http://x)", r"\[click\](http://x)"),
        ("`code`", r"\`code\`"),
        ("two\nlines", "two lines"),
        ("tab\tand  spaces ", "tab and spaces"),
        ("back\\slash", "back\\\\slash"),
        ("![img](x)", r"!\[img\](x)"),
        ("# heading", r"\# heading"),
        ("- - bullets", r"\- - bullets"),
        ("12. item", r"12\. item"),
        ("3) item", r"3\) item"),
        ("12.5 hours", r"12\.5 hours"),
        ("40 hours", "40 hours"),
        ("~~~", r"\~\~\~"),
        ("page\x0cbreak\u2028line", "page break line"),
    ],
)
def test_untrusted_text_is_no_markup(ledger: Driver, written: str, shown: str) -> None:
    text = formatted(ledger, ledger.job(company=written), role=written, details=written)
    assert f"**Role:** {shown}\n" in text
    assert f"**Company:** {shown}\n" in text
    assert text.endswith(f"**Details:** {shown}")


def test_a_text_cannot_bring_a_header_of_its_own(ledger: Driver) -> None:
    text = formatted(
        ledger, ledger.job(), role="X\n\n**Company:** Fake", requirements=["Y\n**Job ID:** 1"]
    )
    assert text.count("**Company:**") == 1 and text.count("**Job ID:**") == 1
    assert "Fake" in text.splitlines()[0]


def test_missing_lists_are_empty_and_no_error(ledger: Driver) -> None:
    text = formatted(ledger, ledger.job(), requirements=None, key_responsibilities="none")
    assert [text.count(header) for header in HEADERS] == [1] * len(HEADERS)
    assert "\n- " not in text


def test_the_body_that_a_model_reads_holds_neither_company_nor_location_nor_job_id(
    ledger: Driver,
) -> None:
    formatted(
        ledger, ledger.job("4711", title="Baker", description=ledger.text(), locations=["Bonn"])
    )
    (one,) = ledger.interactions("format_summary")
    body = one.output["body"]["text"]
    assert "Company" not in body and "Bonn" not in body and "4711" not in body
    assert body.startswith("**Role:**") and "**Details:**" in body


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_any_text_becomes_one_line_in_which_nothing_is_markup(ledger: Driver, text: str) -> None:
    line = ledger.value("select markdown_line(%s)", text)
    assert len(line.splitlines()) <= 1 and line == line.strip(" ")
    bare = line.replace("\\\\", "")
    for character in "`*_[]<>~":
        assert bare.count(character) == bare.count("\\" + character)
    assert not line.startswith(("#", "+", "-", "="))
