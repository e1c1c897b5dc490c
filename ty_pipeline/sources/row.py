"""The values that pass between a source and the engine, and the protocol a source keeps.

What belongs here: pages, parsed rows, the request and the ``Source`` protocol. What does not:
how a feed is read (``file.py``, ``sample.py``), how text is cleaned (``text.py``), and what the
ledger makes of a row (``engine``).

A source works in two steps, so that parsing can be run again from what was stored (JOB_BOARDS.md,
section 11, rule 1): ``pages`` reads and returns bytes, ``rows`` is a pure function of one page.
Every row received comes out as exactly one of ``JobRow``, ``DuplicateRow`` and ``SetAside``, so
the three counts add up to the rows received.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One answer of a source, as received, before anything is made of it."""

    number: int  # 1-based within the fetch
    body: bytes  # as received; ``Source.rows`` needs nothing else
    url: str  # what was read, file:// for files; never holds a user name
    http_status: int | None  # None where no HTTP was spoken
    content_type: str  # media type of the body


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRow:
    """One posting as a source lists it, cleaned."""

    row_number: int  # 1-based over the whole fetch
    external_id: str  # the source's own id of the posting, never blank
    title: str  # cleaned, one line
    company: str  # cleaned, one line
    locations: tuple[str, ...]  # cleaned, one line each, in the source's order
    description: str | None  # cleaned; None where there was none or it is blank
    url: str | None  # the posting's public page
    posted_on: date | None  # the day the source says it was posted
    fields_set_aside: Mapping[str, str]  # field -> reason; the value itself stays in raw
    raw: Mapping[str, Any]  # the row as read, JSON-safe for PostgreSQL jsonb (text.json_safe)


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplicateRow:
    """A row whose external id another row of the same fetch has, and which was not preferred."""

    row_number: int  # 1-based over the whole fetch
    external_id: str  # the id that both rows have
    preferred_row_number: int  # the row that stands for the posting
    raw: Mapping[str, Any]  # the row as read, JSON-safe
    fields_set_aside: Mapping[str, str] = field(default_factory=dict)  # as in JobRow


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAside:
    """A row that no posting can be made of."""

    row_number: int  # 1-based over the whole fetch
    reason: str  # one sentence, without posting text
    raw: Mapping[str, Any]  # what could be read of the row, JSON-safe


ParsedRow = JobRow | DuplicateRow | SetAside


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchRequest:
    """What one fetch asks of a source."""

    date: date  # the partition's date, local to the source
    feed: Path | None  # the file to read; None means the source's own


class Source(Protocol):
    """A place that lists job postings."""

    @property
    def source_id(self) -> str:
        """The id in partition keys and tables: ``[a-z][a-z0-9_]*``."""
        ...

    @property
    def label(self) -> str:
        """The name that people read."""
        ...

    @property
    def timezone(self) -> str:
        """The IANA name of the zone in which the source's dates are local."""
        ...

    def pages(self, request: FetchRequest) -> Iterator[Page]:
        """Read the feed of one date, page by page.

        Raises:
            FeedUnreadable: the feed is missing or ends early; pages read until then were yielded.
            MappingError: the feed lacks a column that the mapping names.
        """
        ...

    def rows(self, page: Page) -> Iterator[ParsedRow]:
        """Parse one page; depends on nothing but the page, so it can be run again at any time."""
        ...

    def feed_dates(self, feed: Path) -> list[date]:
        """The partition dates found in a feed, ascending; [] where the source declares none.

        Raises:
            FeedUnreadable, MappingError: as ``pages``.
        """
        ...

    def default_feed(self) -> Path | None:
        """The feed that is read when a request names none; None where one must be named."""
        ...
