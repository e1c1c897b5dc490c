"""A row of a feed as a posting: the mapping applied, every text cleaned.

What belongs here: what one row means by itself. What does not: other rows of the same posting
(``repeats.py``) and how a row is read (``records.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ty_pipeline.sources.dates import read_date
from ty_pipeline.sources.mapping import ColumnMapping, DateColumn, PostedOn, TextPart
from ty_pipeline.sources.record import value_at
from ty_pipeline.sources.row import JobRow, SetAside
from ty_pipeline.sources.text import clean_description, clean_text, json_safe

Values = Mapping[str, Any]

_MAX_ID = 200  # characters; an index of PostgreSQL takes no key above 2,704 bytes
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def external_id(values: Values, mapping: ColumnMapping) -> str:
    """The posting's id, '' where any part of it is missing."""
    parts = [_one_text(value_at(values, column)) for column in mapping.columns.external_id]
    parts = [" ".join(json_safe(part).split()) for part in parts]
    return ":".join(parts) if all(parts) else ""


def defect(values: Values, mapping: ColumnMapping) -> str | None:
    """Why no posting can be made of a row, in one sentence; None where one can."""
    posting_id = external_id(values, mapping)
    if not posting_id:
        return f"The row has no id ({_quoted(mapping.columns.external_id)} holds no text)."
    if len(posting_id) > _MAX_ID:
        return f"The row's id is longer than {_MAX_ID} characters."
    if not _title(values, mapping):
        return f"The row has no title ({_quoted(mapping.columns.title)} holds no text)."
    return None


def mapped_row(values: Values, row_number: int, mapping: ColumnMapping) -> JobRow | SetAside:
    """Make a posting of a row, or say why there is none."""
    raw = json_safe(values)
    if reason := defect(values, mapping):
        return SetAside(row_number=row_number, reason=reason, raw=raw)
    set_aside = fields_set_aside(values, mapping)
    return JobRow(
        row_number=row_number,
        external_id=external_id(values, mapping),
        title=_title(values, mapping),
        company=_company(values, mapping),
        locations=tuple(_locations(values, mapping)),
        description=_description(values, mapping),
        url=None if "url" in set_aside else _url(values, mapping),
        posted_on=None if "posted_on" in set_aside else _posted_on(values, mapping),
        fields_set_aside=set_aside,
        raw=raw,
    )


def fields_set_aside(values: Values, mapping: ColumnMapping) -> dict[str, str]:
    """The fields whose value is not what the field holds, each with the reason."""
    columns = mapping.columns
    found = {
        field: f"{_quoted(named)} holds an object where text belongs."
        for field, named in _text_columns(mapping).items()
        if any(_holds_object(value_at(values, column)) for column in named)
    }
    if columns.posted_on and (reason := _date_defect(values, columns.posted_on, mapping)):
        found["posted_on"] = reason
    url = _url(values, mapping)
    if url and not _URL.fullmatch(url):
        found["url"] = f"{_quoted(columns.url or ())} holds no http or https address."
    return found


def _text_columns(mapping: ColumnMapping) -> dict[str, tuple[str, ...]]:
    columns = mapping.columns
    return {
        "company": columns.company.columns,
        "locations": columns.locations.columns if columns.locations else (),
        "description": tuple(part.column for part in columns.description),
    }


def _date_defect(values: Values, dated: PostedOn, mapping: ColumnMapping) -> str | None:
    if date_in(values, dated, mapping):
        return None
    value = value_at(values, dated.column)
    if _one_text(value).strip() or _holds_object(value):
        return f'"{dated.column}" holds something else than a date.'
    return f'"{dated.column}" is empty.' if dated.required else None


def _holds_object(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, Mapping) for item in items)


def date_in(values: Values, dated: DateColumn, mapping: ColumnMapping) -> date | None:
    """The date in a column, local to the source; None where it holds none."""
    return read_date(_one_text(value_at(values, dated.column)), dated.formats, mapping.zone)


def _title(values: Values, mapping: ColumnMapping) -> str:
    return _first(values, mapping.columns.title)


def _company(values: Values, mapping: ColumnMapping) -> str:
    company = mapping.columns.company
    return _first(values, company.columns) or clean_text(company.value)


def _first(values: Values, columns: tuple[str, ...]) -> str:
    cleaned = (clean_text(_one_text(value_at(values, column))) for column in columns)
    return next((text for text in cleaned if text), "")


def _locations(values: Values, mapping: ColumnMapping) -> Iterator[str]:
    declared = mapping.columns.locations
    for column in declared.columns if declared else ():
        for text in _texts(value_at(values, column)):
            parts = text.split(declared.separator) if declared and declared.separator else [text]
            yield from filter(None, map(clean_text, parts))


def _description(values: Values, mapping: ColumnMapping) -> str | None:
    sections: list[str] = []
    before = ""
    for part in mapping.columns.description:
        raw = _one_text(value_at(values, part.column))
        text = clean_description(_with_line_breaks(raw, mapping.line_break_spaces))
        if not text:
            continue
        if sections and part.continues_open_quote and _has_open_quote(before):
            sections[-1] += f", {text}"
        else:
            sections.append(_headed(text, part))
        before = raw
    return "\n\n".join(sections) or None


def _headed(text: str, part: TextPart) -> str:
    return f"{part.heading}:\n{text}" if part.heading else text


def _has_open_quote(raw: str) -> bool:
    text = raw.strip()
    return text.startswith('"') and (len(text) == 1 or not text.endswith('"'))


def _with_line_breaks(raw: str, spaces: int | None) -> str:
    return re.sub(f" {{{spaces},}}", "\n", raw) if spaces else raw


def _url(values: Values, mapping: ColumnMapping) -> str | None:
    columns = mapping.columns.url or ()
    written = (str(json_safe(_one_text(value_at(values, column)))).strip() for column in columns)
    return next((text for text in written if text), None)


def _posted_on(values: Values, mapping: ColumnMapping) -> date | None:
    dated = mapping.columns.posted_on
    return date_in(values, dated, mapping) if dated else None


def _one_text(value: Any) -> str:
    return "\n".join(_texts(value))


def _texts(value: Any) -> list[str]:
    """The texts in a value: itself, or those in a list; an object holds none."""
    match value:
        case None | {}:
            return []
        case bool():
            return ["true" if value else "false"]
        case list():
            return [text for item in value for text in _texts(item)]
        case _:
            return [str(value)]


def _quoted(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
