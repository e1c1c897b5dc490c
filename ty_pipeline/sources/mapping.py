"""A column mapping: which column of somebody's feed is which field of a posting.

What belongs here: the declared form of a mapping, read from TOML and checked. What does not:
reading a feed (``records.py``) and applying a mapping to a row (``mapped_row.py``).

    source_id = "acme"                  # [a-z][a-z0-9_]*
    label = "Acme careers"
    timezone = "Europe/Berlin"          # dates and times without an offset are local to it
    format = "csv"                      # csv, json or jsonl; .gz goes by the file's name
    [columns]
    external_id = "id"
    title = "title"
    company = { value = "Acme" }        # or a column
    description = "text"                # or several, each with a heading of its own

A column of a JSON feed may be a path: ``location.name``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from ty_pipeline.errors import MappingError


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _one_or_more(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (value,)


def _text_parts(value: Any) -> Any:
    parts = value if isinstance(value, list) else [value]
    return tuple({"column": part} if isinstance(part, str) else part for part in parts)


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not the name of a time zone") from error
    return name


def _known_encoding(name: str) -> str:
    try:
        "x".encode(name)
    except LookupError as error:
        raise ValueError(f"{name!r} is not the name of an encoding") from error
    return name


Text = Annotated[str, StringConstraints(min_length=1)]
Columns = Annotated[tuple[Text, ...], BeforeValidator(_one_or_more), Field(min_length=1)]
Formats = Annotated[tuple[Text, ...], BeforeValidator(_one_or_more), Field(min_length=1)]


class DateColumn(_Declared):
    """A column that holds a date or a time."""

    column: Text
    formats: Formats = ("iso8601",)  # strptime patterns, iso8601, epoch_seconds, epoch_milliseconds


class PostedOn(DateColumn):
    """The day a posting was posted."""

    required: bool = False  # True where a blank, too, is something else than a date


class Company(_Declared):
    """The employer: the first column that is not blank, else one value for the whole feed."""

    columns: Annotated[tuple[Text, ...], BeforeValidator(_one_or_more)] = ()
    value: str = ""


class Locations(_Declared):
    """The places of work: every column that is not blank, each split at the separator."""

    columns: Columns
    separator: Text | None = None


class TextPart(_Declared):
    """One column of the description."""

    column: Text
    heading: Text | None = None  # a line of its own above the text
    continues_open_quote: bool = False  # True: where the part before opens a quote and does not
    # close it, this column is the rest of that text, split upstream at a comma


def _company(value: Any) -> Any:
    return value if isinstance(value, dict) else {"columns": value}


def _locations(value: Any) -> Any:
    return value if isinstance(value, dict) else {"columns": value}


class ColumnMap(_Declared):
    """Which column is which field; several columns for one field mean the first not blank."""

    external_id: Columns  # several together make the id
    title: Columns
    company: Annotated[Company, BeforeValidator(_company)]
    locations: Annotated[Locations, BeforeValidator(_locations)] | None = None
    description: Annotated[
        tuple[TextPart, ...], BeforeValidator(_text_parts), Field(min_length=1)
    ]  # joined in this order
    url: Columns | None = None
    posted_on: PostedOn | None = None


class Preference(_Declared):
    """A rule that prefers one row of an external id to another."""

    column: Text
    equals: str | None = None  # rows that hold exactly this come first
    latest: Formats | None = None  # the latest date by these formats comes first, others last

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if (self.equals is None) == (self.latest is None):
            raise ValueError("a rule has either equals or latest")
        return self


class ColumnMapping(_Declared):
    """How one feed becomes postings."""

    source_id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Text
    timezone: Annotated[str, AfterValidator(_known_timezone)]
    format: Literal["csv", "json", "jsonl"]
    columns: ColumnMap
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","  # csv only
    encoding: Annotated[str, AfterValidator(_known_encoding)] = "utf-8"
    record_path: Text | None = None  # json only: where in the file the array is, "data.jobs"
    feed: Text | None = None  # the file read by default, relative to the mapping's folder
    line_break_spaces: Annotated[int, Field(ge=2)] | None = None  # so many spaces or more in a
    # description are a line break that was lost upstream
    may_be_missing: tuple[Text, ...] = Field(default=(), strict=False)  # columns left out if empty
    partition_date: DateColumn | None = None  # only rows of the date asked for belong to a fetch
    prefer: tuple[Preference, ...] = Field(default=(), strict=False)  # first rule that decides
    versions: DateColumn | None = None  # rows of one id are versions of it, oldest first by this

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.prefer and self.versions:
            raise ValueError("prefer and versions exclude each other")
        if self.record_path and self.format != "json":
            raise ValueError("record_path is for the format json only")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    def columns_by_key(self) -> list[tuple[str, str]]:
        """Every column that the feed must have, with the key that names it."""
        columns = self.columns
        named = [
            *(("columns.external_id", column) for column in columns.external_id),
            *(("columns.title", column) for column in columns.title),
            *(("columns.company", column) for column in columns.company.columns),
            *(("columns.description", part.column) for part in columns.description),
            *(("columns.url", column) for column in columns.url or ()),
            *(("prefer", rule.column) for rule in self.prefer),
        ]
        if columns.locations:
            named += [("columns.locations", column) for column in columns.locations.columns]
        dates = {
            "columns.posted_on": columns.posted_on,
            "partition_date": self.partition_date,
            "versions": self.versions,
        }
        named += [(key, dated.column) for key, dated in dates.items() if dated]
        return [(key, column) for key, column in named if column not in self.may_be_missing]


def load_mapping(path: Path) -> ColumnMapping:
    """Read a mapping from a TOML file.

    Raises:
        MappingError: the file cannot be read or is wrong; the sentence names the file and the key.
    """
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise MappingError(f"The mapping {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"The mapping {path} is not valid TOML: {error}.") from error
    return parse_mapping(declared, str(path))


def parse_mapping(declared: dict[str, Any], name: str) -> ColumnMapping:
    """Check a mapping that is already a table; ``name`` is what an error calls it.

    Raises:
        MappingError: as ``load_mapping``.
    """
    try:
        return ColumnMapping.model_validate(declared)
    except ValidationError as error:
        raise MappingError(f"The mapping {name} is wrong: {_complaints(error)}.") from error


def _complaints(error: ValidationError) -> str:
    return "; ".join(_complaint(details) for details in error.errors())


def _complaint(details: ErrorDetails) -> str:
    key = ".".join(map(str, details["loc"])) or "as a whole"
    return f"{key}: {details['msg'].removeprefix('Value error, ')}"
