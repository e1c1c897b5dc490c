"""The source ``sample``: fictional postings that ship with the package, listed on three days.

What belongs here: which records are listed on which date, and how they are cut into pages. What
does not: the shapes of the boards (``board_shapes.py``) and the postings (``sample_data/``).

``sample_data/`` holds three boards, each as one answer with every record that was ever listed.
The days after the first are overlays (``day_2.json``, ``day_3.json``): which ids are ``listed``
for the first time, which are ``unlisted``, and ``edits``, each a text that replaces another in
one record from that day on. Every employer in it is made up.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from ty_pipeline.errors import FeedUnreadable, UsageError
from ty_pipeline.sources.board_shapes import (
    BoardParser,
    greenhouse_rows,
    personio_rows,
    workday_rows,
)
from ty_pipeline.sources.row import FetchRequest, Page, ParsedRow

SAMPLE_DATA = Path(__file__).parent / "sample_data"
SAMPLE_DATES = (date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    """One record of a board's file."""

    external_id: str  # our id of the posting; '' for a record that has none
    text: str  # JSON or XML, as the board writes it


@dataclass(frozen=True, kw_only=True, slots=True)
class _Edit:
    """One change of one record."""

    external_id: str  # the record that changes
    old: str  # ASCII text, there exactly once
    new: str  # what stands there afterwards, ASCII

    def applied_to(self, record: _Record) -> _Record:
        if record.external_id != self.external_id:
            return record
        if record.text.count(self.old) != 1:
            raise FeedUnreadable(
                f"An edit of {self.external_id} does not find its old text exactly once; "
                "correct the day_N.json file of the sample that holds it."
            )
        return _Record(external_id=record.external_id, text=record.text.replace(self.old, self.new))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Overlay:
    """What is different from one day on."""

    listed: frozenset[str]  # ids that no earlier day lists
    unlisted: frozenset[str]  # ids that this and later days do not list
    edits: tuple[_Edit, ...]  # in the order in which they apply


@dataclass(frozen=True, kw_only=True, slots=True)
class _Board:
    """One kind of board: how its file comes apart and its pages are put together."""

    name: str  # the host in page addresses
    file_name: str  # in the folder of the sample
    content_type: str  # of its pages
    page_size: int  # records on a page, at most
    split: Callable[[bytes], list[_Record]]  # file -> records
    join: Callable[[Sequence[_Record], int], str]  # records of a page, ``total`` -> body
    parse: BoardParser  # body -> rows


class SampleSource:
    """Fictional postings in the shapes of three boards; needs no network and no feed."""

    source_id = "sample"
    label = "Sample postings"
    timezone = "Europe/Berlin"

    def pages(self, request: FetchRequest) -> Iterator[Page]:
        """Yield the boards as listed on the newest sample date that is not after the request's.

        A date before the first sample date gets empty, complete listings.

        Raises:
            FeedUnreadable: a file of the sample is missing or damaged.
        """
        folder = request.feed or SAMPLE_DATA
        day = bisect_right(SAMPLE_DATES, request.date)
        overlays = [_overlay(folder, number) for number in range(2, len(SAMPLE_DATES) + 1)]
        number = first_row = 1
        for board in _BOARDS.values():
            records = _listed_on(day, board.split(_read(folder / board.file_name)), overlays)
            for page_number, page in enumerate(_cut(records, board.page_size), start=1):
                # Like Workday, which tells its total on the first page only.
                body = board.join(page, len(records) if page_number == 1 else 0)
                yield Page(
                    number=number,
                    body=body.encode(),
                    url=f"sample://{board.name}?page={page_number}&row={first_row}",
                    http_status=None,
                    content_type=board.content_type,
                )
                number += 1
                first_row += len(page)

    def rows(self, page: Page) -> Iterator[ParsedRow]:
        """Parse one page; its address names the board and the number of its first row.

        Raises:
            FeedUnreadable: the body is not what such a board answers.
            UsageError: the page is not one of this source.
        """
        address = urlsplit(page.url)
        first_row = parse_qs(address.query).get("row", [""])[0]
        if address.scheme != "sample" or address.netloc not in _BOARDS or not first_row.isdecimal():
            raise UsageError(f"The page {page.url} is none of the source sample.")
        return _BOARDS[address.netloc].parse(page.body, int(first_row))

    def feed_dates(self, feed: Path) -> list[date]:
        """Return the three sample dates, whatever folder the sample is read from."""
        return list(SAMPLE_DATES)

    def default_feed(self) -> Path | None:
        """Return the folder that ships with the package."""
        return SAMPLE_DATA


def _listed_on(day: int, records: list[_Record], overlays: list[_Overlay]) -> list[_Record]:
    """The records of a board on the day with this number; day 0 is before all of them."""
    if day == 0:
        return []
    so_far, later = overlays[: day - 1], overlays[day - 1 :]
    hidden = {*(i for o in so_far for i in o.unlisted), *(i for o in later for i in o.listed)}
    edits = [edit for overlay in so_far for edit in overlay.edits]
    return [_edited(record, edits) for record in records if record.external_id not in hidden]


def _edited(record: _Record, edits: list[_Edit]) -> _Record:
    for edit in edits:
        record = edit.applied_to(record)
    return record


def _cut(records: list[_Record], size: int) -> Iterator[list[_Record]]:
    """Pages of at most ``size`` records; an empty board still has one, empty page."""
    return (records[start : start + size] for start in range(0, max(len(records), 1), size))


def _overlay(folder: Path, number: int) -> _Overlay:
    path = folder / f"day_{number}.json"
    try:
        found = json.loads(_read(path))
        return _Overlay(
            listed=frozenset(found["listed"]),
            unlisted=frozenset(found["unlisted"]),
            edits=tuple(
                _Edit(external_id=edit["id"], old=edit["old"], new=edit["new"])
                for edit in found["edits"]
            ),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path.name) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FeedUnreadable(
            f"The sample file {path.name} cannot be read; reinstall the package."
        ) from error


def _damaged(what: str) -> FeedUnreadable:
    return FeedUnreadable(
        f"The sample file {what} is not in the form it ships in; reinstall the package."
    )


def _split_greenhouse(file: bytes) -> list[_Record]:
    try:
        return [
            _Record(external_id=f"gh-{job['id']}" if "id" in job else "", text=json.dumps(job))
            for job in json.loads(file)["jobs"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged("greenhouse.json") from error


def _join_greenhouse(records: Sequence[_Record], total: int) -> str:
    jobs = [json.loads(record.text) for record in records]
    return json.dumps({"jobs": jobs, "meta": {"total": total}})


def _split_workday(file: bytes) -> list[_Record]:
    try:
        found = json.loads(file)
        return [
            _Record(
                external_id=f"wd-{row['bulletFields'][0]}",
                text=json.dumps([row, found["details"][row["externalPath"]]]),
            )
            for row in found["jobPostings"]
        ]
    except (ValueError, LookupError, TypeError) as error:
        raise _damaged("workday.json") from error


def _join_workday(records: Sequence[_Record], total: int) -> str:
    pairs: list[tuple[Any, Any]] = [json.loads(record.text) for record in records]
    return json.dumps(
        {
            "total": total,
            "jobPostings": [row for row, _ in pairs],
            "details": {row["externalPath"]: detail for row, detail in pairs},
        }
    )


def _split_personio(file: bytes) -> list[_Record]:
    """Split with minidom, which keeps CDATA sections as they are."""
    try:
        positions = minidom.parseString(file).getElementsByTagName("position")
        return [
            _Record(external_id=f"ps-{_id_in(position)}", text=position.toxml())
            for position in positions
        ]
    except (ExpatError, LookupError) as error:
        raise _damaged("personio.xml") from error


def _id_in(position: minidom.Element) -> str:
    texts = position.getElementsByTagName("id")[0].childNodes
    return "".join(text.data for text in texts if isinstance(text, minidom.Text))


def _join_personio(records: Sequence[_Record], _total: int) -> str:
    """A Personio feed states no total."""
    positions = "\n".join(record.text for record in records)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<workzag-jobs>\n{positions}\n</workzag-jobs>\n'


_BOARDS = {
    "greenhouse": _Board(
        name="greenhouse",
        file_name="greenhouse.json",
        content_type="application/json",
        page_size=1_000,  # the whole board, as Greenhouse does
        split=_split_greenhouse,
        join=_join_greenhouse,
        parse=greenhouse_rows,
    ),
    "workday": _Board(
        name="workday",
        file_name="workday.json",
        content_type="application/json",
        page_size=20,  # the most that Workday takes
        split=_split_workday,
        join=_join_workday,
        parse=workday_rows,
    ),
    "personio": _Board(
        name="personio",
        file_name="personio.xml",
        content_type="text/xml",
        page_size=1_000,  # the whole board, as Personio does
        split=_split_personio,
        join=_join_personio,
        parse=personio_rows,
    ),
}
