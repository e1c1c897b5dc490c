"""Rows of a JSON feed: an object on each line, or the objects of one array, never loaded whole.

What belongs here: finding where one value ends and the next begins. What does not: reading bytes
(``feed_text.py``), which columns a mapping wants (``records.py``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ty_pipeline.errors import FeedUnreadable, MappingError
from ty_pipeline.sources.feed_text import MAX_ROW, is_valid, shown
from ty_pipeline.sources.record import BrokenRecord, Record

_MAX_NESTING = 100  # levels; Python's own limit depends on who calls, this does not

# What decides where a value ends: whole strings, brackets, commas; a quote alone is a string that
# does not end in what has been read so far.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}
_NEXT = re.compile(r"\s*(?:,\s*\{|\])")
_SPACE = re.compile(r"\s*+")


def json_line_records(lines: Iterable[str]) -> Iterator[Record | BrokenRecord]:
    """Read an object from each line; blank lines are no rows."""
    rows = (line for line in lines if not line.isspace())
    return (_record(line, number) for number, line in enumerate(rows, start=1))


def json_array_records(
    texts: Iterator[str], record_path: str | None, feed: Path
) -> Iterator[Record | BrokenRecord]:
    """Read the objects of the array at ``record_path``, or of the array that is the whole file.

    Raises:
        FeedUnreadable: the file ends within the array, or cannot be followed after a broken row.
        MappingError: there is no array at ``record_path``.
    """
    window = _Window(texts)
    for key in record_path.split(".") if record_path else []:
        _enter(window, key, feed)
    if window.peek() != "[":
        raise MappingError(_no_array(window, record_path, feed))
    window.at += 1
    return _elements(window, feed)


class _Window:
    """The part of a text that is being looked at."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self.text = ""
        self.at = 0  # where the next value is looked for; what is before it is dropped
        self.space = ""  # the white space that the last look skipped

    def more(self) -> bool:
        """Read on; False at the end."""
        for piece in self._texts:
            self.text, self.at = self.text[self.at :] + piece, 0
            if piece:
                return True
        return False

    def peek(self) -> str:
        """The next character that is not white space; '' at the end."""
        self.space = ""
        while True:
            space = _SPACE.match(self.text, self.at)
            assert space is not None  # it may be empty
            self.space += space[0]
            self.at = space.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def length(self) -> int | None:
        """How long the value is that begins here; None where no end of it is found."""
        depth, offset = 0, 0
        while True:
            found = _TOKEN.search(self.text, self.at + offset)
            if found is None or found[0] == '"':
                offset = (found.start() if found else len(self.text)) - self.at
                if not self.can_see_more():
                    return None
                continue
            depth += _DEPTH.get(found[0], 0)
            offset = found.end() - self.at
            if depth < 0 or (depth == 0 and found[0] == ","):
                return found.start() - self.at
            if depth == 0 and found[0] in "]}":
                return offset

    def length_by_lines(self) -> int | None:
        """How long the value is by the look of it: up to a line that begins as its own line does.

        None where it does not begin a line, or there is no such line.
        """
        _, line_end, indent = self.space.rpartition("\n")
        if not line_end:
            return None
        shorter = f"{{0,{len(indent) - 1}}}" if indent else "{0}"
        following = re.compile(rf"\n{re.escape(indent)}\{{|\r?\n[ \t]{shorter}\]")
        while not (found := following.search(self.text, self.at)):
            if not self.can_see_more():
                return None
        return len(self.text[self.at : found.start()].rstrip(" \t\r\n,"))

    def goes_on_after(self, length: int) -> bool:
        """Whether a value of this length is followed by an object or the end of the array."""
        return _NEXT.match(self.text, self.at + length) is not None

    def can_see_more(self) -> bool:
        """Read on, unless the value that begins here is too long already."""
        return len(self.text) - self.at <= MAX_ROW and self.more()


def _enter(window: _Window, key: str, feed: Path) -> None:
    """Move to the value of ``key`` in the object that begins here."""
    if window.peek() != "{":
        raise MappingError(f'record_path names "{key}", but {feed} has no object there.')
    window.at += 1
    seen = []
    while (char := window.peek()) not in ("}", ""):
        if char == ",":
            window.at += 1
            continue
        name = _key(window, feed)
        if name == key:
            return
        seen.append(name)
        if not (length := window.length()):
            break
        window.at += length
    raise MappingError(f'{feed} has no "{key}", which record_path names; it has: {_listed(seen)}.')


def _key(window: _Window, feed: Path) -> str:
    """Read a key and its colon."""
    while not (found := _TOKEN.match(window.text, window.at)) or found[0] == '"':
        if not window.can_see_more():
            raise FeedUnreadable(f"{feed} is not valid JSON before the array of its rows.")
    window.at = found.end()
    if len(found[0]) < 2 or window.peek() != ":":
        raise FeedUnreadable(f"{feed} is not valid JSON before the array of its rows.")
    window.at += 1
    return shown(found[0][1:-1])


def _no_array(window: _Window, record_path: str | None, feed: Path) -> str:
    if record_path:
        return f'{feed} has no array at "{record_path}", which record_path names.'
    if window.peek() == "{":
        return f"{feed} is an object, not an array: name the key of its array in record_path."
    return f"{feed} is not a JSON array."


def _elements(window: _Window, feed: Path) -> Iterator[Record | BrokenRecord]:
    number = 0
    while (char := window.peek()) != "]":
        if char == ",":
            window.at += 1
            continue
        record = _next(window, number + 1)
        if record is None:
            raise FeedUnreadable(f"{feed} ends, or cannot be followed, after its row {number}.")
        number += 1
        yield record


def _next(window: _Window, number: int) -> Record | BrokenRecord | None:
    """Read the element that begins here; None where its end is not found.

    A quote or bracket too many turns the rest of the file inside out; so where an element makes no
    sense, it ends where the next one seems to begin.
    """
    length = window.length()
    record = _element(window, length, number)
    if not isinstance(record, Record):
        by_lines = window.length_by_lines()
        if by_lines and not (length and length <= by_lines and window.goes_on_after(length)):
            length, record = by_lines, _element(window, by_lines, number)
    window.at += length or 0
    return record


def _element(window: _Window, length: int | None, number: int) -> Record | BrokenRecord | None:
    return _record(window.text[window.at : window.at + length], number) if length else None


def _record(text: str, number: int) -> Record | BrokenRecord:
    text = text.strip()
    reason, value = _read(text)
    if reason:
        return BrokenRecord(number=number, reason=reason, values={"row": shown(text)})
    return Record(number=number, values=value)


def _read(text: str) -> tuple[str | None, Any]:
    if len(text) > MAX_ROW:
        return f"The row is longer than {MAX_ROW:,} characters.", None
    if not is_valid(text):
        return "The row holds bytes that are not valid in the feed's encoding.", None
    try:
        value = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        return f"The row is not valid JSON ({error.msg} at character {error.pos + 1}).", None
    except (ValueError, RecursionError):
        return "The row is not JSON that can be read (a number too long, or nested too deep).", None
    if not isinstance(value, dict):
        return "The row is not a JSON object.", None
    if _nesting(value) > _MAX_NESTING:
        return f"The row is nested more than {_MAX_NESTING} levels deep.", None
    return None, value


def _nesting(value: Any) -> int:
    levels, level = 0, [value]
    while level := [
        inner
        for outer in level
        if isinstance(outer, dict | list)
        for inner in (outer.values() if isinstance(outer, dict) else outer)
    ]:
        levels += 1
    return levels


def _listed(names: list[str]) -> str:
    return ", ".join(names[:40]) or "nothing"
