"""What three kinds of job board answer, taken apart into rows: Greenhouse, Workday, Personio.

What belongs here: which field of an answer is which field of a ``JobRow``, and what makes a
record one that no posting can be made of. What does not: where an answer came from (``sample.py``
and the live boards), how its text is cleaned (``text.py``).

Every parser takes the bytes of one answer and the row number of its first record, and depends on
nothing else. The shapes are those of JOB_BOARDS.md, sections 1, 2 and 6.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from ty_pipeline.errors import FeedUnreadable
from ty_pipeline.sources.row import DuplicateRow, JobRow, ParsedRow, SetAside
from ty_pipeline.sources.text import clean_description, clean_text, json_safe

BoardParser = Callable[[bytes, int], Iterator[ParsedRow]]

# The shape of an ISO date; fromisoformat alone would also take week dates and bare digits.
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PERSONIO_LISTS = {"additionalOffices", "jobDescriptions"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    """One record of an answer: the board's fields under our names, not yet cleaned."""

    board: str  # the kind of board, for sentences
    external_id: str | None  # our id of the posting; None where the board gave none
    title: object  # as received, meant to be text
    company: object  # as received, meant to be text
    locations: Sequence[object]  # as received, meant to be texts
    description: object  # markup as received, meant to be text or None
    url: str | None  # the posting's public page
    posted_on: object  # as received, meant to begin with an ISO date
    raw: Any  # the record as read


def greenhouse_rows(body: bytes, first_row: int) -> Iterator[ParsedRow]:
    """Parse a Greenhouse board with ``content=true``: one object with ``jobs``.

    Raises:
        FeedUnreadable: the body is not such an answer.
    """
    return _parsed(map(_greenhouse_record, _objects(_json(body), "jobs")), first_row)


def workday_rows(body: bytes, first_row: int) -> Iterator[ParsedRow]:
    """Parse a page of a Workday list with the details of its rows under ``details``.

    ``details`` maps ``externalPath`` to what the detail address answered.

    Raises:
        FeedUnreadable: the body is not such an answer.
    """
    answer = _json(body)
    details = _mapping(answer.get("details"))
    listed = _objects(answer, "jobPostings")
    return _parsed((_workday_record(row, details) for row in listed), first_row)


def personio_rows(body: bytes, first_row: int) -> Iterator[ParsedRow]:
    """Parse a Personio feed, refusing one with a document type: entities can only be declared there.

    Raises:
        FeedUnreadable: the body is not XML, or declares a document type.
    """
    return _parsed(map(_personio_record, _safe_xml(body).iter("position")), first_row)


def _parsed(records: Iterator[_Record], first_row: int) -> Iterator[ParsedRow]:
    row_of: dict[str, int] = {}
    for row_number, record in enumerate(records, start=first_row):
        parsed = _row(record, row_number)
        if isinstance(parsed, SetAside):
            yield parsed
            continue
        preferred = row_of.setdefault(parsed.external_id, row_number)
        yield parsed if preferred == row_number else _duplicate(parsed, preferred)


def _duplicate(row: JobRow, preferred: int) -> DuplicateRow:
    return DuplicateRow(
        row_number=row.row_number,
        external_id=row.external_id,
        preferred_row_number=preferred,
        raw=row.raw,
    )


def _row(record: _Record, row_number: int) -> JobRow | SetAside:
    raw = json_safe(record.raw)
    title = clean_text(_text(record.title))
    missing = "id" if record.external_id is None else "title" if not title else None
    if record.external_id is None or missing:
        return SetAside(row_number=row_number, reason=_reason(record, missing, row_number), raw=raw)
    posted_on, fields_set_aside = _posted_on(record.posted_on)
    return JobRow(
        row_number=row_number,
        external_id=record.external_id,
        title=title,
        company=clean_text(_text(record.company)),
        locations=_locations(record.locations),
        description=clean_description(_text(record.description)) or None,
        url=record.url,
        posted_on=posted_on,
        fields_set_aside=fields_set_aside,
        raw=raw,
    )


def _reason(record: _Record, missing: str | None, row_number: int) -> str:
    return (
        f"Row {row_number} of the {record.board} answer has no {missing}, so it was set aside; "
        "it is read again as soon as the board lists it with one."
    )


def _posted_on(value: object) -> tuple[date | None, dict[str, str]]:
    text = _text(value)
    if not text:
        return None, {}
    try:
        found = _ISO_DATE.match(text)
        return date.fromisoformat(found[0] if found else ""), {}
    except ValueError:
        return None, {"posted_on": "does not begin with a date as YYYY-MM-DD"}


def _locations(values: Sequence[object]) -> tuple[str, ...]:
    cleaned = (clean_text(_text(value)) for value in values)
    return tuple(location for location in cleaned if location)


def _greenhouse_record(job: Mapping[str, Any]) -> _Record:
    location = _text(_mapping(job.get("location")).get("name"))
    return _Record(
        board="Greenhouse",
        external_id=_prefixed("gh-", job.get("id")),
        title=job.get("title"),
        company=job.get("company_name"),
        locations=location.split("|"),
        # The board escapes its HTML once more (JOB_BOARDS.md, section 2).
        description=html.unescape(_text(job.get("content"))),
        url=_text(job.get("absolute_url")) or None,
        posted_on=job.get("first_published"),
        raw=job,
    )


def _workday_record(listed: Mapping[str, Any], details: Mapping[str, Any]) -> _Record:
    detail = _mapping(details.get(_text(listed.get("externalPath"))))
    info = _mapping(detail.get("jobPostingInfo"))
    bullets = _sequence(listed.get("bulletFields"))
    return _Record(
        board="Workday",
        external_id=_prefixed("wd-", info.get("jobReqId") or next(iter(bullets), None)),
        title=listed.get("title"),
        company=_mapping(detail.get("hiringOrganization")).get("name"),
        locations=_workday_locations(listed, info),
        description=info.get("jobDescription"),
        url=_text(info.get("externalUrl")) or None,
        posted_on=info.get("startDate"),
        raw={"listing": listed, "detail": detail},
    )


def _workday_locations(listed: Mapping[str, Any], info: Mapping[str, Any]) -> list[object]:
    """The detail's places; the list only says how many ("3 Locations") where there are several."""
    places = [info.get("location"), *_sequence(info.get("additionalLocations"))]
    return places if info.get("location") else [listed.get("locationsText")]


def _personio_record(position: ElementTree.Element) -> _Record:
    external_id = _prefixed("ps-", (position.findtext("id") or "").strip())
    return _Record(
        board="Personio",
        external_id=external_id,
        title=position.findtext("name"),
        company=position.findtext("subcompany"),
        locations=[
            position.findtext("office"),
            *(office.text for office in position.iterfind("additionalOffices/office")),
        ],
        description="\n".join(map(_section, position.iterfind("jobDescriptions/jobDescription"))),
        # The feed holds no address (JOB_BOARDS.md, section 6); this is the one it documents.
        url=external_id and f"https://jobs.example.org/job/{external_id.removeprefix('ps-')}",
        posted_on=position.findtext("createdAt"),
        raw=_as_json(position),
    )


def _section(section: ElementTree.Element) -> str:
    heading = html.escape(section.findtext("name") or "", quote=False)
    return f"<h3>{heading}</h3>\n{section.findtext('value') or ''}"


def _as_json(element: ElementTree.Element) -> Any:
    """An element as JSON: its text, a list where its tags repeat, else an object by tag."""
    if element.tag in _PERSONIO_LISTS:
        return [_as_json(child) for child in element]
    if len(element) == 0:
        return element.text
    return {child.tag: _as_json(child) for child in element}


def _safe_xml(body: bytes) -> ElementTree.Element:
    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler = _refuse_document_type
    try:
        guard.Parse(body, True)
        return ElementTree.fromstring(body)
    except (expat.ExpatError, ElementTree.ParseError, ValueError) as error:
        raise FeedUnreadable(f"The Personio answer is not well-formed XML: {error}.") from error


def _refuse_document_type(*_: object) -> None:
    raise FeedUnreadable(
        "The Personio answer declares a document type, which no Personio board does; "
        "it was not read, because entities declared there can exhaust memory."
    )


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FeedUnreadable("The board's answer is not JSON; fetch the page again.") from error
    if not isinstance(answer, dict):
        raise FeedUnreadable("The board's answer is not a JSON object; fetch the page again.")
    return answer


def _objects(answer: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    listed = answer.get(key)
    if not isinstance(listed, list):
        raise FeedUnreadable(f'The board\'s answer has no list "{key}"; fetch the page again.')
    return (row if isinstance(row, dict) else {"value": row} for row in listed)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _prefixed(prefix: str, native_id: object) -> str | None:
    """Our id from the board's, which may be a number; None where it is missing or blank."""
    blank = isinstance(native_id, bool) or not isinstance(native_id, int | str)
    cleaned = "" if blank else clean_text(str(native_id))
    return prefix + cleaned if cleaned else None
