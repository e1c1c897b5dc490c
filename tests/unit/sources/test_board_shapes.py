"""Each board's answer comes apart into rows, and no answer, however odd, breaks the parser.

What belongs here: the parsers of ``board_shapes.py`` on small answers. What does not: the shipped
postings (``test_sample.py``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ty_pipeline.errors import FeedUnreadable
from ty_pipeline.sources.board_shapes import greenhouse_rows, personio_rows, workday_rows
from ty_pipeline.sources.row import DuplicateRow, JobRow, ParsedRow, SetAside

Parser = Callable[[bytes, int], Iterator[ParsedRow]]

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates too
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
JOBS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.integers(1, 3) | VALUES,
        "title": VALUES,
        "company_name": VALUES,
        "location": st.fixed_dictionaries({"name": VALUES}) | VALUES,
        "content": VALUES,
        "absolute_url": VALUES,
        "first_published": VALUES,
    },
)
POSTINGS = st.fixed_dictionaries(
    {},
    optional={
        "title": VALUES,
        "externalPath": st.sampled_from(["/job/a", "/job/b"]) | VALUES,
        "locationsText": VALUES,
        "bulletFields": st.lists(VALUES, max_size=2) | VALUES,
    },
)


def as_body(answer: object) -> bytes:
    return json.dumps(answer).encode()


def greenhouse(*jobs: object) -> list[ParsedRow]:
    return list(greenhouse_rows(as_body({"jobs": jobs}), 1))


def job(**fields: object) -> JobRow:
    (row,) = greenhouse({"id": 1, "title": "Cook", **fields})
    assert isinstance(row, JobRow)
    return row


def workday(listing: dict[str, Any], detail: dict[str, Any] | None) -> ParsedRow:
    details = {"/job/a": detail} if detail else {}
    answer = {"total": 1, "jobPostings": [listing], "details": details}
    (row,) = workday_rows(as_body(answer), 1)
    return row


def personio(position: str) -> ParsedRow:
    body = f"<workzag-jobs><position>{position}</position></workzag-jobs>"
    (row,) = personio_rows(body.encode(), 1)
    return row


def assert_each_row_comes_out_once(rows: list[ParsedRow], received: int, first: int) -> None:
    assert [row.row_number for row in rows] == list(range(first, first + received))
    known = {row.external_id for row in rows if isinstance(row, JobRow)}
    for row in rows:
        match row:
            case JobRow():
                assert row.external_id.strip() and row.title
            case DuplicateRow():
                assert row.external_id in known and row.preferred_row_number < row.row_number
            case SetAside():
                assert row.reason.count(".") == 1


def test_a_greenhouse_job_is_unescaped_once_more_and_split_at_its_places() -> None:
    row = job(
        company_name="A &amp; B",
        location={"name": "Leeds | York"},
        content="&lt;p&gt;One &amp;amp; two&lt;/p&gt;",
        first_published="2026-01-05T23:30:00-05:00",
        absolute_url="https://boards.example.com/jobs/1",
    )
    assert (row.external_id, row.company, row.locations) == ("gh-1", "A & B", ("Leeds", "York"))
    assert (row.description, row.posted_on) == ("One & two", date(2026, 1, 5))
    assert row.url == "https://boards.example.com/jobs/1"


@pytest.mark.parametrize("content", [None, "", "   ", "&lt;p&gt;&lt;/p&gt;", 7, ["text"]])
def test_a_description_that_is_blank_or_no_text_is_none(content: object) -> None:
    assert job(content=content).description is None


@pytest.mark.parametrize("native_id", [None, "", "  ", True, 1.5, [1], {"id": 1}])
def test_a_job_without_a_usable_id_is_set_aside(native_id: object) -> None:
    (row,) = greenhouse({"id": native_id, "title": "Cook"})
    assert isinstance(row, SetAside)
    assert "has no id" in row.reason


@pytest.mark.parametrize("title", [None, "", "<p> </p>", 3])
def test_a_job_without_a_title_is_set_aside_by_row_number(title: object) -> None:
    answer = {"jobs": [{"id": 1, "title": "Cook"}, {"id": 2, "title": title}]}
    _, row = greenhouse_rows(as_body(answer), 41)
    assert isinstance(row, SetAside)
    assert row.reason.startswith("Row 42 of the Greenhouse answer has no title")


def test_a_job_that_is_no_object_is_set_aside_with_what_it_was() -> None:
    (row,) = greenhouse(["a", 1])
    assert isinstance(row, SetAside)
    assert row.raw == {"value": ["a", 1]}


def test_the_first_of_two_jobs_with_one_id_is_preferred() -> None:
    _, second = greenhouse({"id": 1, "title": "Cook"}, {"id": "1", "title": "Chef"})
    assert isinstance(second, DuplicateRow)
    assert (second.external_id, second.preferred_row_number) == ("gh-1", 1)


@pytest.mark.parametrize("posted", ["soon", "2026-13-01", "20260105", "2026-W02-1", "٢٠٢٦-٠١-٠٥"])
def test_a_date_that_is_none_costs_only_that_field(posted: str) -> None:
    row = job(first_published=posted)
    assert row.posted_on is None
    assert list(row.fields_set_aside) == ["posted_on"]
    assert posted not in row.fields_set_aside["posted_on"]


def test_a_workday_row_takes_text_and_places_from_its_detail() -> None:
    info = {
        "jobReqId": "R-1",
        "jobDescription": "<p>Cook</p>",
        "location": "Leeds",
        "additionalLocations": ["York", "Hull"],
        "startDate": "2026-01-02",
        "externalUrl": "https://careers.example.com/job/a",
    }
    row = workday(
        {"title": "Cook", "externalPath": "/job/a", "locationsText": "3 Locations"},
        {"jobPostingInfo": info, "hiringOrganization": {"name": "Inn"}},
    )
    assert isinstance(row, JobRow)
    assert (row.external_id, row.company) == ("wd-R-1", "Inn")
    assert row.locations == ("Leeds", "York", "Hull")
    assert (row.description, row.posted_on) == ("Cook", date(2026, 1, 2))


def test_a_workday_row_without_its_detail_keeps_what_the_list_says() -> None:
    row = workday({"title": "Cook", "bulletFields": ["R-2"], "locationsText": "3 Locations"}, None)
    assert isinstance(row, JobRow)
    assert (row.external_id, row.locations, row.description) == ("wd-R-2", ("3 Locations",), None)


def test_a_bare_workday_stub_is_set_aside() -> None:
    row = workday({"bulletFields": ["R-3"]}, None)
    assert isinstance(row, SetAside)
    assert row.raw["listing"] == {"bulletFields": ["R-3"]}


def test_a_personio_position_joins_its_sections_and_offices() -> None:
    row = personio(
        "<id> 7 </id><subcompany>A &amp; B</subcompany><office>Ulm</office>"
        "<additionalOffices><office>Bonn</office></additionalOffices><name>Koch</name>"
        "<jobDescriptions><jobDescription><name>Aufgaben</name>"
        "<value><![CDATA[<ul><li>Kochen</li></ul></position>]]></value></jobDescription>"
        "</jobDescriptions><createdAt>2026-01-02T08:00:00+00:00</createdAt>"
    )
    assert isinstance(row, JobRow)
    assert (row.external_id, row.title, row.company) == ("ps-7", "Koch", "A & B")
    assert (row.locations, row.posted_on) == (("Ulm", "Bonn"), date(2026, 1, 2))
    assert row.description is not None
    assert row.description.split()[:3] == ["Aufgaben", "-", "Kochen"]
    assert row.url == "https://jobs.example.org/job/7"
    assert row.raw["additionalOffices"] == ["Bonn"]


def test_a_personio_position_with_empty_sections_has_no_description() -> None:
    row = personio("<id>7</id><name>Koch</name><jobDescriptions></jobDescriptions>")
    assert isinstance(row, JobRow)
    assert row.description is None


def test_an_empty_personio_board_is_no_rows() -> None:
    assert list(personio_rows(b"<workzag-jobs></workzag-jobs>", 1)) == []


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE j [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE j [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE j SYSTEM "https://example.com/j.dtd">',
        "<!DOCTYPE j>",
    ],
)
def test_a_personio_answer_with_a_document_type_is_refused(document_type: str) -> None:
    body = f"{document_type}<j><position><id>1</id><name>&a;</name></position></j>"
    with pytest.raises(FeedUnreadable, match="declares a document type"):
        personio_rows(body.encode(), 1)


@pytest.mark.parametrize(
    "body", [b"", b"<a>", b"<a/><b/>", b"not xml", b"\xff\xfe\x00", b"<a>\x00"]
)
def test_a_personio_answer_that_is_not_xml_is_unreadable(body: bytes) -> None:
    with pytest.raises(FeedUnreadable, match="not well-formed XML"):
        personio_rows(body, 1)


@pytest.mark.parametrize("parser", [greenhouse_rows, workday_rows])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"[]",
        b"{}",
        b'{"jobs": 1, "jobPostings": {}}',
        b"\xff",
        b"[" * 99_999,
    ],
)
def test_an_answer_that_is_no_listing_is_unreadable(parser: Parser, body: bytes) -> None:
    with pytest.raises(FeedUnreadable):
        parser(body, 1)


@given(st.lists(JOBS | VALUES, max_size=5), st.integers(1, 1000))
def test_whatever_greenhouse_lists_comes_out_once_each(jobs: list[object], first: int) -> None:
    rows = list(greenhouse_rows(as_body({"jobs": jobs}), first))
    assert_each_row_comes_out_once(rows, len(jobs), first)


@given(st.lists(POSTINGS | VALUES, max_size=5), VALUES, st.integers(1, 1000))
def test_whatever_workday_lists_comes_out_once_each(
    listed: list[object], detail: object, first: int
) -> None:
    answer = {
        "jobPostings": listed,
        "details": {"/job/a": detail, "/job/b": {"jobPostingInfo": detail}},
    }
    rows = list(workday_rows(as_body(answer), first))
    assert_each_row_comes_out_once(rows, len(listed), first)
