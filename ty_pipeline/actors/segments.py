"""Cuts a job description into lines, list items, paragraphs and sentences, by offsets alone.

Belongs here: where one item or sentence ends and the next begins. Not here: what a heading names
(``headings.py``), nor which part a sentence belongs to (``sections.py``).

It reads ``- `` lists, one line an item without any mark, prose, and one-line texts in which items
and paragraphs are set apart by tabs, double spaces or numbers only. All work is linear in the
length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ty_pipeline.actors.cues import ABBREVIATIONS

_GAP: Final = re.compile(r"\s{2,}|[\n\t]|\s(?=[•●▪►‣◦·¿§¦➢➤✓✔][\s\w])")
_MARK: Final = re.compile(
    r"[\"“”']?(?:[•●▪►‣◦·¿§¦➢➤✓✔]+\s*|[*–—~+>-]{1,2}\s+|\(?\d{1,2}[.)](?:\s+|(?=[A-Z][a-z ]))|"
    r"\(?[A-Za-z][.)]\s+|[*-](?=[A-Z][a-z])|o\s+(?=[A-Z])|#{1,6}\s+){1,3}"
)
_ONLY_MARK: Final = re.compile(
    r"[\"“”']?(?:[•●▪►‣◦·¿§¦➢➤✓✔*–—~+>-]{1,2}|\(?\d{1,2}[.)]|\(?[A-Za-z][.)]|o)"
)
_INLINE_NUMBER: Final = re.compile(r"\s(?=(?:\(?(\d{1,2})[.)]|\(?[a-hA-H]\))\s+[\"“]?[A-Z])")
_DANGLING_NUMBER: Final = re.compile(r"(?:[;.:,]|or|and)\s(?:\(?\d{1,2}[.)]|\(?[a-hA-H]\))")
_INLINE_DASH: Final = re.compile(r"\s(?=[-–*]\s+[A-Z])")
_SENTENCE_END: Final = re.compile(
    r"[.!?;](?:[\"”’)\]]*(?<!;)\s+(?=[\"“„‘(]?[A-ZÄÖÜ0-9])|(?=[A-Z][a-z]{2}))"
)
_UNFINISHED: Final = re.compile(r"\b(?:is|are|the|of|to|for|a|an|with|in|by|our|your|der|die)$")
_SEMICOLON: Final = re.compile(r";\s+")
_LONG: Final = 160  # characters from which a sentence of many semicolons is a list in disguise


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A line, list item or paragraph."""

    start: int  # offset of its first character, after any list mark
    end: int  # offset after its last character
    bullet: bool  # it carried a list mark
    own_line: bool  # it is the whole of a line of the text


def segments_of(text: str) -> Iterator[Segment]:
    """The segments of ``text`` in reading order; none is blank."""
    start, fresh_line = 0, True
    for gap in _GAP.finditer(text):
        kind = gap.group()
        at_line_end = "\n" in kind
        if at_line_end and _goes_on(text, start, gap):
            continue
        if not at_line_end and not _parts_here(text, start, gap):
            continue
        yield from _split_inline(text, start, gap.start(), own_line=fresh_line and at_line_end)
        start, fresh_line = gap.end(), at_line_end
    yield from _split_inline(text, start, len(text), own_line=fresh_line)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences between two offsets; a long sentence of many semicolons gives its clauses."""
    begin = start
    if end - start > 60:
        for match in _SENTENCE_END.finditer(text, start, end):
            if _ends_sentence(text, begin, match.start()):
                yield from _clauses(text, begin, match.end())
                begin = match.end()
    yield from _clauses(text, begin, end)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets without surrounding space, stray quotes and the punctuation of lists."""
    start, end = _without_space(text, start, end)
    while end > start and (text[end - 1] in ';,"“*' or text[end - 1].isspace()):
        end -= 1
    for tail in ("; and", "; or", ", and", ", or"):
        if text.endswith(tail, start, end):
            end -= len(tail)
    while start < end and (text[start] in '"”*,;:-–•' or text[start].isspace()):
        if text[start] in "-–" and text[start + 1 : start + 2].isdigit():
            break
        start += 1
    return start, end


def _goes_on(text: str, start: int, gap: re.Match[str]) -> bool:
    """Whether a sentence runs on over a line end: it stops at a word that cannot be its last."""
    if not text[gap.end() : gap.end() + 1].islower():
        return False
    return _UNFINISHED.search(text, max(start, gap.start() - 8), gap.start()) is not None


def _parts_here(text: str, start: int, gap: re.Match[str]) -> bool:
    """Whether a gap inside a line ends a paragraph or item, rather than being loose spacing."""
    if gap.end() >= len(text) or gap.start() == start:
        return True
    if gap.start() - start <= 5 and _ONLY_MARK.fullmatch(text, start, gap.start()):
        return False
    if _ends_in_number(text, start, gap.start()):
        return False
    before, after = text[gap.start() - 1], text[gap.end()]
    if not after.isalpha() and _MARK.match(text, gap.end()):
        return True
    if after.islower():
        return before == ";"
    return before in '.;:!?)”"' or len(gap.group()) > 2 or "\t" in gap.group()


def _ends_in_number(text: str, start: int, end: int) -> bool:
    """Whether a stretch ends like ``; 2.``: the number belongs to the item after the gap."""
    if text[end - 1] not in ".)":
        return False
    return any(
        _DANGLING_NUMBER.fullmatch(text, begin, end) for begin in range(max(start, end - 8), end)
    )


def _split_inline(text: str, start: int, end: int, *, own_line: bool) -> Iterator[Segment]:
    """One stretch of text, cut again where items of a list follow each other without a gap."""
    cuts = [start, *_inline_cuts(text, start, end)] if end - start > 60 else [start]
    for begin, stop in zip(cuts, [*cuts[1:], end], strict=True):
        mark = _MARK.match(text, begin, stop)
        first, last = _without_space(text, mark.end() if mark else begin, stop)
        if text[first : first + 1] == '"' and text.count('"', first, last) % 2:
            first += 1  # a quote that nothing closes
        if first < last:
            yield Segment(
                start=first,
                end=last,
                bullet=mark is not None and "#" not in mark.group(),
                own_line=own_line and len(cuts) == 1,
            )


def _inline_cuts(text: str, start: int, end: int) -> list[int]:
    """Where ``; 2. Next`` and `` - Next`` begin a new item inside a stretch of text."""
    cuts = _numbered_cuts(text, start, end)
    if any(text.find(dash, start, end) >= 0 for dash in (" - ", " * ", " – ")):
        dashes = [match.end() for match in _INLINE_DASH.finditer(text, start, end)]
        if len(dashes) > 2 or (dashes and text[start] in "-*–"):
            cuts = sorted({*cuts, *dashes})
    return cuts


def _numbered_cuts(text: str, start: int, end: int) -> list[int]:
    """Where a number opens an item: after punctuation or *or*, or as one of 1., 2., 3. in turn."""
    found = list(_INLINE_NUMBER.finditer(text, start, end))
    numbers = [match.group(1) for match in found]
    in_turn = numbers == [str(number) for number in range(1, len(numbers) + 1)]
    return [
        match.end()
        for match in found
        if (in_turn and len(found) > 1)
        or text[match.start() - 1] in ";.:,"
        or text.endswith((" or", " and"), start, match.start())
    ]


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start > _LONG and text.count(";", start, end) > 1:
        for match in _SEMICOLON.finditer(text, start, end):
            yield start, match.start()
            start = match.end()
    yield start, end


def _ends_sentence(text: str, start: int, stop: int) -> bool:
    """Whether the full stop at ``stop`` ends a sentence, and not an abbreviation or a number."""
    if text[stop + 1 : stop + 2].isalpha():  # "meetings.Assess": a lost space, unless a name
        return text[max(start, stop - 3) : stop].isalpha() and stop - start > 3
    if text[stop] != ".":
        return True
    earliest = max(start, stop - 20)
    word = text[max(text.rfind(" ", earliest, stop) + 1, earliest) : stop].lower().lstrip("(\"“'")
    if len(word) < 2 or word in ABBREVIATIONS or (word.isdigit() and len(word) < 3):
        return False
    return not ("." in word and len(word) < 6)


def _without_space(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
