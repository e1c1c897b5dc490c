"""The summary steps on the real feeds: how many pass at once, how many end with a person.

A sample of each feed here; ``-m long`` takes them whole.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import ty_pipeline
from ty_pipeline.actors.completeness import grade_completeness
from ty_pipeline.actors.draft import CUT, joined
from ty_pipeline.actors.grounding import full_text, grade_grounding
from ty_pipeline.actors.improve import improve_summary
from ty_pipeline.actors.posting import Posting, shown_title
from ty_pipeline.actors.schema import validate_output
from ty_pipeline.actors.summary import write_summary
from ty_pipeline.sources.mapped_row import mapped_row
from ty_pipeline.sources.mapping import load_mapping
from ty_pipeline.sources.row import JobRow

FEEDS = Path(__file__).parents[3] / ".." / "shared" / "data"
MAPPINGS = Path(ty_pipeline.__file__).parent / "sources" / "mappings"


def nyc(step: int) -> Iterator[Posting]:
    with gzip.open(FEEDS / "nyc_jobs.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        yield from postings(islice(csv.DictReader(lines), 0, None, step), "nyc_jobs")


def history(step: int) -> Iterator[Posting]:
    with gzip.open(FEEDS / "postings_history.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from postings(map(json.loads, islice(lines, 0, None, step)), "postings_history")


def postings(rows: Iterable[dict[str, Any]], source: str) -> Iterator[Posting]:
    mapping = load_mapping(MAPPINGS / f"{source}.toml")
    for number, values in enumerate(rows, 1):
        row = mapped_row(values, number, mapping)
        if isinstance(row, JobRow) and len(row.description or "") >= 100:
            yield Posting(title=row.title, company=row.company, description=row.description or "")


def passes(posting: Posting, summary: dict[str, Any]) -> tuple[bool, list[dict[str, Any]]]:
    grades = grade_grounding(posting, summary), grade_completeness(posting, summary)
    reasons = [reason for grade in grades for reason in grade.output()["reasons"]]
    return all(grade.passed for grade in grades), reasons


def outcome(posting: Posting) -> str:
    summary = write_summary(posting)
    assert_proved(posting, summary)
    assert validate_output("extract_summary", summary) == summary
    assert len(full_text(summary)) <= 3500
    for round_ in range(4):
        passed, reasons = passes(posting, summary)
        if passed:
            return "at once" if round_ == 0 else "mended"
        summary = improve_summary(posting, summary, reasons)
    return "ticket"


def assert_proved(posting: Posting, summary: dict[str, Any]) -> None:
    """Every text but the title is the stretch of the description that the evidence names."""
    found: dict[str, list[str]] = {}
    for item in summary["evidence"]:
        text = " ".join(posting.description[item["start"] : item["end"]].split())
        found.setdefault(item["section"], []).append(text)
    for section in ("key_responsibilities", "requirements"):
        assert [text.removesuffix(CUT) for text in summary[section]] == found.get(section, [])
    role = summary["role"].removeprefix(shown_title(posting)).removeprefix(": ")
    assert role.removesuffix(CUT) == "".join(found.get("role", []))
    details = found.get("details", [])
    assert summary["details"].replace(CUT, "") in (
        joined(details),
        joined(text + CUT for text in details).replace(CUT, ""),
        joined(
            text + CUT if text + CUT in summary["details"] else text for text in details
        ).replace(CUT, ""),
    )


def shares(feed: Iterable[Posting]) -> tuple[float, float]:
    """The shares that pass at once and that end with a person, of all."""
    counts = Counter(outcome(posting) for posting in feed)
    return counts["at once"] / counts.total(), counts["ticket"] / counts.total()


def test_of_nyc_jobs_nine_in_ten_pass_at_once_and_at_most_one_in_twenty_needs_a_person() -> None:
    at_once, tickets = shares(nyc(step=19))
    assert at_once >= 0.9
    assert tickets <= 0.05


def test_of_technology_adverts_nine_in_ten_pass_at_once() -> None:
    at_once, tickets = shares(history(step=8))
    assert at_once >= 0.9
    assert tickets <= 0.05


@pytest.mark.long
def test_of_the_whole_feeds_nine_in_ten_pass_at_once() -> None:
    for feed in (nyc(step=1), history(step=1)):
        at_once, tickets = shares(feed)
        assert at_once >= 0.9
        assert tickets <= 0.05


def test_a_summary_of_another_posting_never_passes_grounding() -> None:
    feed = list(nyc(step=40))
    for posting, other in zip(feed, [*feed[1:], feed[0]], strict=True):
        if posting.description != other.description:
            assert not grade_grounding(posting, write_summary(other)).passed
