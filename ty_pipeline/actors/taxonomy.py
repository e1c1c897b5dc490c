"""What a skill concept is, and how a taxonomy file becomes concepts.

Belongs here: the ``Concept`` value, the shipped list, and a reader for the files that
``taxonomy import`` takes: ESCO and O*NET as their owners publish them, and our own format. Not
here: finding concepts in a text (``skill_lexicon.py``), nor keeping them in the database.

ESCO is published by the European Commission, O*NET by the US Department of Labor, both CC BY 4.0.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import TextIOWrapper
from pathlib import Path
from typing import Final, Literal, TextIO, assert_never, get_args
from urllib.parse import quote

from ty_pipeline.errors import TaxonomyError

Kind = Literal["technology", "knowledge", "skill", "soft_skill", "language", "licence"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
OWN_SOURCE: Final = "ty"  # the source of the shipped concepts and of files in our own format

_FORMATS: Final = "ESCO skills (CSV), O*NET Technology Skills (tab separated) and our own CSV"
_OWN_HEADER: Final = ("concept_id", "name", "aliases", "kind")
_GZIP_MAGIC: Final = b"\x1f\x8b"
_LONGEST_HEADER: Final = 10_000  # characters; a file without line breaks is no taxonomy
_UNREADABLE: Final = (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error)


@dataclass(frozen=True, kw_only=True, slots=True)
class Concept:
    """One skill, language or licence that a posting can ask for."""

    concept_id: str  # unique over all sources: ``ty:python``, an ESCO address, ``onet:python``
    name: str  # the name shown
    aliases: tuple[str, ...]  # other spellings and translations
    kind: Kind  # what sort of thing it is
    source: str  # whose list it is from: ty, esco or onet


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAsideLine:
    """A row of a taxonomy file that gives no concept; the rows after it are still read."""

    line_number: int  # line of the file on which the row ends, the header being line 1
    reason: str  # one sentence


_Row = Mapping[str, str | None]
_Format = Literal["own", "esco_with_aliases", "esco_labels", "onet"]


def read_taxonomy_file(path: Path) -> Iterator[Concept | SetAsideLine]:
    """Read a taxonomy file, plain or gzip; its header says which of the known forms it has.

    Streams: one row is held at a time. An O*NET file names a technology once per occupation and
    gives one concept for it. Raises TaxonomyError, while it is read, for a file that is missing,
    damaged, or in none of the known forms.
    """
    line = 0
    try:
        with _open(path) as text:
            rows, form = _rows(path, text)
            seen: set[str] = set()
            for row in rows:
                line = rows.line_num + 1
                item = _item(row, form, line)
                if isinstance(item, SetAsideLine):
                    yield item
                elif item.concept_id not in seen:
                    seen.add(item.concept_id)
                    yield item
                elif form != "onet":
                    yield _aside(line, f"the concept {item.concept_id} was given before")
    except _UNREADABLE as error:
        raise TaxonomyError(
            f"The taxonomy file {path.name} cannot be read after line {line} "
            f"({type(error).__name__}); get a complete copy and import it again."
        ) from error


@cache
def shipped_concepts() -> tuple[Concept, ...]:
    """The list in this package, in the order of its file; read once."""
    data = resources.files("ty_pipeline.actors").joinpath("taxonomy_data", "skills.csv")
    with resources.as_file(data) as path:
        items = tuple(read_taxonomy_file(path))
    bad = next((item for item in items if isinstance(item, SetAsideLine)), None)
    if bad is not None:
        raise TaxonomyError(f"The shipped skill list, line {bad.line_number}: {bad.reason}")
    return tuple(item for item in items if isinstance(item, Concept))


def taxonomy_digest(concepts: Iterable[Concept]) -> str:
    """A hexadecimal SHA-256 of all fields of the concepts, whatever order they come in.

    It belongs into the settings of an actor that uses them: other concepts, other answers.
    """
    lines = sorted(
        "\x1f".join((item.concept_id, item.name, "\x1e".join(item.aliases), item.kind, item.source))
        for item in concepts
    )
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        with (
            gzip.GzipFile(fileobj=raw) if packed else raw as plain,
            TextIOWrapper(plain, encoding="utf-8-sig", newline="") as text,
        ):
            yield text


def _rows(path: Path, text: TextIO) -> tuple[csv.DictReader[str], _Format]:
    """The rows after the header, and the form that the header names."""
    header = text.readline(_LONGEST_HEADER)
    separator = "\t" if header.count("\t") > header.count(",") else ","
    names = next(csv.reader([header], delimiter=separator), [])
    form = _form(names)
    if form is None:
        raise TaxonomyError(
            f"The file {path.name} is no known taxonomy: its first line names other columns than "
            f"{_FORMATS} have; give one of those files."
        )
    if separator == "\t":
        return csv.DictReader(text, names, delimiter="\t", quoting=csv.QUOTE_NONE), form
    return csv.DictReader(text, names), form


def _form(names: Sequence[str]) -> _Format | None:
    columns = frozenset(names)
    if columns >= {"conceptUri", "preferredLabel", "altLabels"}:
        return "esco_with_aliases"
    if columns >= {"concept_uri", "preferred_label"}:
        return "esco_labels"
    if columns >= {"O*NET-SOC Code", "Example"}:
        return "onet"
    return "own" if tuple(names) == _OWN_HEADER else None


def _item(row: _Row, form: _Format, line: int) -> Concept | SetAsideLine:
    if any("\0" in value for value in row.values() if isinstance(value, str)):
        return _aside(line, "it holds a NUL character")
    match form:
        case "own":
            return _own(row, line)
        case "esco_with_aliases":
            return _esco(row, "conceptUri", "preferredLabel", "altLabels", line)
        case "esco_labels":
            return _esco(row, "concept_uri", "preferred_label", "alt_labels", line)
        case "onet":
            return _onet(row, line)
        case _:
            assert_never(form)


def _own(row: _Row, line: int) -> Concept | SetAsideLine:
    concept_id, name, kind = (_cell(row, column) for column in ("concept_id", "name", "kind"))
    known = next((known for known in KINDS if known == kind), None)
    if not concept_id or not name:
        return _aside(line, "concept_id and name must both be given")
    if known is None:
        return _aside(line, f"kind must be one of {', '.join(KINDS)}")
    aliases = _labels(_cell(row, "aliases"), name)
    return Concept(concept_id=concept_id, name=name, aliases=aliases, kind=known, source=OWN_SOURCE)


def _esco(
    row: _Row, address: str, label: str, alternatives: str, line: int
) -> Concept | SetAsideLine:
    concept_id, name = _cell(row, address), _cell(row, label)
    if not concept_id.startswith(("http://", "https://")):
        return _aside(line, f"{address} is not an address")
    if not name:
        return _aside(line, f"{label} is empty")
    aliases = _labels(_cell(row, alternatives), name)
    kind: Kind = "knowledge" if _cell(row, "skillType") == "knowledge" else "skill"
    return Concept(concept_id=concept_id, name=name, aliases=aliases, kind=kind, source="esco")


def _onet(row: _Row, line: int) -> Concept | SetAsideLine:
    name = _cell(row, "Example")
    if not name:
        return _aside(line, "Example is empty")
    concept_id = "onet:" + quote(name.lower().replace(" ", "-"), safe="-.+")
    return Concept(concept_id=concept_id, name=name, aliases=(), kind="technology", source="onet")


def _cell(row: _Row, column: str) -> str:
    return (row.get(column) or "").strip()


def _labels(cell: str, name: str) -> tuple[str, ...]:
    """The labels in a cell, parted by ``|`` or line breaks, without the name and repeats."""
    labels = (label.strip() for label in cell.replace("\r", "\n").replace("|", "\n").split("\n"))
    return tuple(dict.fromkeys(label for label in labels if label and label != name))


def _aside(line: int, reason: str) -> SetAsideLine:
    return SetAsideLine(line_number=line, reason=f"Row set aside: {reason}.")
