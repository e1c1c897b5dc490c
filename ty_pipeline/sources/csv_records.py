"""Rows of a CSV feed, one broken row costing one row.

What belongs here: quoting, column counts, finding the next good row. What does not: lines
(``feed_text.py``) and which columns a mapping wants (``records.py``).

pandas is not used: its fast parser fills up rows that are too short, drops those that are too long
without their number, and lets one open quote take the rest of the file.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from ty_pipeline.errors import FeedUnreadable
from ty_pipeline.sources.feed_text import is_valid, shown
from ty_pipeline.sources.record import BrokenRecord, Record


class _Tape:
    """Lines that can be given back to be read again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._ahead: deque[str] = deque()
        self._lines = iter(lines)
        self.taken: list[str] = []  # since it was last cleared

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._lines)
        self.taken.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._ahead.extendleft(reversed(lines))


def csv_header(lines: Iterator[str], delimiter: str, feed: Path) -> list[str]:
    """Read the first row: the column names, those that are blank or repeated made distinct.

    Raises:
        FeedUnreadable: there is no first row, or it is broken.
    """
    try:
        names = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise FeedUnreadable(f"{feed} does not begin with a row of column names.") from error
    if not any(name.strip() for name in names):
        raise FeedUnreadable(f"{feed} does not begin with a row of column names.")
    return _distinct(names)


def csv_records(
    lines: Iterator[str], header: list[str], delimiter: str
) -> Iterator[Record | BrokenRecord]:
    """Read the rows after the header; blank lines are no rows."""
    tape = _Tape(lines)
    reader = csv.reader(tape, delimiter=delimiter, strict=True)
    number = 0
    while True:
        tape.taken.clear()
        try:
            row = next(reader, None)
        except csv.Error as error:
            number += 1
            broken = _cut_broken_row(tape, len(header), delimiter)
            yield BrokenRecord(
                number=number,
                reason=f"The row is not valid CSV ({str(error).partition(' - ')[0]}).",
                values={"row": shown(broken)},
            )
            continue
        if row is None:
            return
        if row:
            number += 1
            yield _record(number, row, header)


def _record(number: int, row: list[str], header: list[str]) -> Record | BrokenRecord:
    if len(row) != len(header):
        reason = f"The row has {len(row)} columns where the header has {len(header)}."
        return BrokenRecord(number=number, reason=reason, values={"columns": list(map(shown, row))})
    if not all(map(is_valid, row)):
        reason = "The row holds bytes that are not valid in the feed's encoding."
        values = dict(zip(header, map(shown, row), strict=True))
        return BrokenRecord(number=number, reason=reason, values=values)
    return Record(number=number, values=dict(zip(header, row, strict=True)))


def _cut_broken_row(tape: _Tape, width: int, delimiter: str) -> str:
    """Take the broken row off the lines just read, and give back those after it.

    An open quote swallows the rows that follow, so the next row is looked for among them: the first
    line that is whole by itself, else the last line, where reading stopped.
    """
    taken = list(tape.taken)
    end = next(
        (at for at in range(1, len(taken)) if _is_row(taken[at], width, delimiter)),
        max(1, len(taken) - 1),
    )
    tape.give_back(taken[end:])
    return "".join(taken[:end])


def _is_row(line: str, width: int, delimiter: str) -> bool:
    try:
        return len(next(csv.reader([line], delimiter=delimiter, strict=True), [])) == width
    except csv.Error:
        return False


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for position, written in enumerate(names, start=1):
        name = shown(written).strip() or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct
