"""Reads what stands around a mention: how much it is wanted, how well, for how many years.

Belongs here: cutting a description into passages, the place (part of the posting) of each, and
weighing the cues near one mention. Not here: the cue words (``skill_cues.py``), finding mentions
(``skill_lexicon.py``), putting the mentions of one skill together (``skills.py``).

Parts are told by headings alone: a skill list has to be cheap, and a mention's own sentence
usually says enough.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import ahocorasick  # type: ignore[import-not-found]  # a C extension without stubs

from ty_pipeline.actors.cues import ABBREVIATIONS, word_set
from ty_pipeline.actors.folding import Folded
from ty_pipeline.actors.heading_cues import GLUED_HEADING, HEADING_WORDS, HEADINGS
from ty_pipeline.actors.skill_cues import (
    BY_PLACE,
    BY_SECTION,
    IMPORTANCE_CUES,
    LEVEL_OF,
    MUST_HEADING,
    NUMBER_WORDS,
    SKILL_LIST,
    WISH_HEADING,
    CueValue,
    Importance,
    Place,
    Proficiency,
    cue_patterns,
)
from ty_pipeline.actors.suspicion import InstructionFilter

_CUT = re.compile(r"\s(?:(?<=[\n\t])\s*|\s+|(?=[•●▪►‣◦·]\s)|(?<=[.!?;]\s)(?=[A-ZÄÖÜ(•\"“0-9-]))")
_MARKS: Final = '•●▪►‣◦·-–—*"“ \t\n'
_LABEL = re.compile(r"[^:.\n]{3,60}:(?=\s|$)")
_NUMBER: Final = "|".join(("[0-9]{1,2}", *NUMBER_WORDS))
_YEARS_BEFORE = re.compile(
    rf"(?P<before>[^ ]* *)(?<![^ ])(?P<number>{_NUMBER})\+?(?: plus)?(?: +[0-9]{{1,2}}\+?)?"
    r"(?: *(?:to|bis|or|oder|und) +(?:[0-9]{1,2}|[a-zäöü]+)\+?)? *"
    r"(?:(?:or more|oder mehr|full|volle|additional|weitere|more|consecutive) )?$"
)
_NOT_REQUIRED_YEARS = word_set("last past next within first seit since vor every letzten nächsten")
_NOT_YEARS_AFTER = re.compile(r" *(?:old|of age|ago|alt|in business|in folge|erfolgreich)\b")
_OPENS_YEARS = re.compile(r"\s*[(:–-]\s*(?:min\.?|mind\.?|at least|mindestens|ca\.?)?\s*")
_CUE_REACH: Final = 140  # characters between a cue of importance and what it speaks of
_CLAUSE: Final = 15  # characters that a comma between the two counts for
_LEVEL_BEFORE: Final = 70  # characters from a word of proficiency on to the skill
_LEVEL_AFTER: Final = 22  # characters back: "English (fluent)"
_YEARS_REACH: Final = 120  # characters from "5 years" on to the skill
_LONGEST_HEADING: Final = 70  # characters of a line that is nothing but a heading
_LONGEST_EVIDENCE: Final = 240  # characters quoted


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A sentence, line or list item of the description."""

    start: int  # offset of its first character
    end: int  # offset after its last character
    place: Place  # what part of the posting it stands in
    listing: bool  # it stands under a heading such as "Tech stack", or is introduced by one


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the words around one mention say."""

    importance: Importance  # from the nearest cue, else from the place
    proficiency: Proficiency | None  # None where no word says
    years: int | None  # years of experience asked for; None where unknown
    start: int  # offset of the quoted passage, or of a part of it that holds the mention
    end: int  # offset after it


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cue:
    start: int
    end: int
    values: tuple[CueValue, ...]


class Surroundings:
    """The passages and cues of one description, so that every mention can ask."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self.passages = tuple(_passages(folded.text))
        self._starts = [passage.start for passage in self.passages]
        self._cues = _cues(folded.folded)
        self._cue_starts = [cue.start for cue in self._cues]

    def passage_of(self, position: int) -> Passage:
        """The passage that holds an offset."""
        return self.passages[max(0, bisect_right(self._starts, position) - 1)]

    def read(self, start: int, end: int) -> Reading:
        """What stands around the mention at these offsets."""
        passage = self.passage_of(start)
        cues = self._cues_between(
            max(passage.start, start - _CUE_REACH), min(max(passage.end, end), end + _CUE_REACH)
        )
        first, last = _evidence(self._folded.text, passage, start, end)
        years = self._years(cues, start, end)
        return Reading(
            importance=_importance(self._folded.text, cues, (start, end), passage.place),
            proficiency=_proficiency(cues, start, end, years),
            years=years,
            start=first,
            end=last,
        )

    def _cues_between(self, start: int, end: int) -> list[_Cue]:
        first = bisect_left(self._cue_starts, start)
        return self._cues[first : bisect_left(self._cue_starts, end)]

    def _years(self, cues: list[_Cue], start: int, end: int) -> int | None:
        """The years asked for of a mention: "5 years of X, Y" or "X (5 years)"."""
        found: int | None = None
        for cue in cues:
            if "years" not in cue.values:
                continue
            if cue.start < start:
                if start - cue.end <= _YEARS_REACH:
                    found = self._number(cue)
            elif found is None and cue.start - end <= 30:
                opening = _OPENS_YEARS.match(self._folded.text, end)
                if opening and self._folded.text[opening.end() : cue.start].count(" ") <= 2:
                    return self._number(cue)
        return found

    def _number(self, cue: _Cue) -> int | None:
        low = self._folded.folded
        stop = cue.start + 1
        match = _YEARS_BEFORE.search(low[max(0, stop - 40) : stop])
        if match is None or _NOT_YEARS_AFTER.match(low, cue.end + 1):
            return None
        if match["before"].strip() in _NOT_REQUIRED_YEARS:
            return None
        number = match["number"]
        years = NUMBER_WORDS.get(number) or int(number)
        return years if 0 < years <= 30 else None


def _importance(text: str, cues: list[_Cue], mention: tuple[int, int], place: Place) -> Importance:
    """By the nearest word of importance in the passage, else by its place."""
    start, end = mention
    base = BY_PLACE[place]
    if place == "aside":
        return base
    asked = False
    nearest = _CUE_REACH + 1
    best: CueValue | None = None
    for cue in cues:
        value = next((value for value in cue.values if value in IMPORTANCE_CUES), None)
        if value is None or value == "neutral":
            continue
        if value == "asked":
            asked = True
            continue
        between = (cue.end, start) if cue.end <= start else (end, cue.start)
        gap = max(0, between[1] - between[0])
        if gap < nearest and any(text.find(mark, *between) >= 0 for mark in ",;"):
            gap += _CLAUSE
        if gap < nearest:
            nearest, best = gap, value
    if best in ("essential", "preferred", "bonus"):
        return best
    return "critical" if asked and base == "important" else base


def _proficiency(cues: list[_Cue], start: int, end: int, years: int | None) -> Proficiency | None:
    """By the nearest word of proficiency before the mention, else just after it, else by years."""
    before: Proficiency | None = None
    reached = -1
    for cue in cues:
        level = next((LEVEL_OF[value] for value in cue.values if value in LEVEL_OF), None)
        if level is None:
            continue
        if cue.end <= start + 1 and start - cue.end <= _LEVEL_BEFORE:
            # In "basic knowledge of X" the first word says how well, not the second.
            if before is None or level != "intermediate" or cue.start > reached + 2:
                before = level
            reached = cue.end
        elif before is None and 0 <= cue.start - end <= _LEVEL_AFTER:
            return level
    if before in (None, "intermediate") and years is not None and years >= 5:
        return "expert" if years >= 8 else "advanced"
    return before


def _evidence(text: str, passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The passage, or where it is long the part of it around the mention, at word borders."""
    first, last = passage.start, max(passage.end, end)
    if last - first > _LONGEST_EVIDENCE:
        room = max(0, _LONGEST_EVIDENCE - (end - start)) // 2
        if start - room > first:
            first = text.find(" ", start - room, start) + 1 or start
        if end + room < last:
            last = max(end, text.rfind(" ", end, end + room))
    while first < start and text[first] in _MARKS:
        first += 1
    while last > end and (text[last - 1].isspace() or text[last - 1] in ";,"):
        last -= 1
    return first, last


def _passages(text: str) -> Iterator[Passage]:
    """The passages in order; a heading holds for what follows it, until the next.

    What speaks to a machine rather than to an applicant asks for nothing.
    """
    place: Place = "open"
    listing = False
    instructions = InstructionFilter(text)
    for start, end in _spans(text):
        raw = text[start:end]
        heading = _heading(raw)
        named = SKILL_LIST.match(raw)
        whole = named is not None and named.end() == len(raw)
        if heading is not None or whole:
            place, listing = heading or BY_SECTION["requirements"], whole
        here: Place = "aside" if instructions.catches(start, end, raw) else place
        lists = not whole and (listing or (named is not None and named["colon"] == ":"))
        yield Passage(start=start, end=end, place=here, listing=lists)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in _CUT.finditer(text):
        if text[cut.start() - 1 : cut.start()] == "." and "\n" not in cut.group():
            word = text[max(start, cut.start() - 8) : cut.start() - 1].lower()
            last = word.replace("(", " ").rpartition(" ")[2]
            if last in ABBREVIATIONS or len(last) < 2 or "." in last:
                continue
        if cut.start() > start:
            yield start, cut.start()
        start = cut.end()
    if start < len(text):
        yield start, len(text)


def _heading(raw: str) -> Place | None:
    """The place that a heading, or a label before the content, opens; None: no heading."""
    label = _LABEL.match(raw)
    opening = label or (GLUED_HEADING.match(raw) if len(raw) > _LONGEST_HEADING else None)
    if opening is None and len(raw) > _LONGEST_HEADING:
        return None
    bare = (opening.group() if opening else raw).strip(_MARKS + "#:")
    words = bare.lower().replace("/", " ").replace("&", " ").replace("’", "'").split()
    if not words or len(words) > 9:
        return None
    shouted = bare.isupper() and len(bare) > 5
    if not (label or shouted or all(word.strip(",-!?()") in HEADING_WORDS for word in words)):
        return None
    return _place(" ".join(words), shouted)


def _place(heading: str, shouted: bool) -> Place | None:
    section = next((section for section, cue in HEADINGS if cue.search(heading)), None)
    if section is None:
        return "open" if shouted else None
    if section == "requirements" and WISH_HEADING.search(heading):
        return "wish"
    if section == "requirements" and MUST_HEADING.search(heading):
        return "must"
    return BY_SECTION[section]


def _cues(folded: str) -> list[_Cue]:
    """The cues of a folded text in order, the longer winning over those inside it."""
    hits = [
        (stop + 1 - len(pattern), -stop, stop, pattern) for stop, pattern in _AUTOMATON.iter(folded)
    ]
    hits.sort()
    cues: list[_Cue] = []
    reached = -1
    for start, _, stop, pattern in hits:
        end = stop - 1 if pattern.endswith(" ") else stop
        if start >= reached:
            cues.append(_Cue(start=start, end=end, values=_PATTERNS[pattern]))
            reached = end
    return cues


_PATTERNS: Final = {pattern: tuple(values) for pattern, values in cue_patterns().items()}
_AUTOMATON: Final = ahocorasick.Automaton()
for _pattern in _PATTERNS:
    _AUTOMATON.add_word(_pattern, _pattern)
_AUTOMATON.make_automaton()
