"""Finds the red flags in a posting, each with its quote and offsets.

Belongs here: looking for the flags of ``ihl_flags.py``, and the few that a pattern cannot state:
the employer's own name, a junior title with senior years, odd combinations, a posting of nearly
nothing. Not here: what follows from the flags (``ihl.py``).

One automaton pass finds the places worth a closer look, so that most postings cost one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import ahocorasick  # type: ignore[import-not-found]  # a C extension without stubs

from ty_pipeline.actors.folding import Folded, fold
from ty_pipeline.actors.ihl_flags import FLAGS, Severity, spaced
from ty_pipeline.actors.posting import Posting
from ty_pipeline.actors.sections import MAX_CHARACTERS

RULES: Final = len(FLAGS) + 3  # what is looked for, the three signs below included

_WINDOW: Final = 220  # characters to either side of a trigger in which its pattern must fit
_QUOTE_ROOM: Final = 130  # characters of the sentence quoted to either side of the sign
_COMPANY_ROOM: Final = 80  # characters before the employer's name in which it must be asked for
_THIN: Final = 400  # characters below which a description says next to nothing
_SENIOR_YEARS: Final = 5  # years that no junior has
_COMBINED: Final = 5  # kinds of demand in one sentence that few people meet together
_COMBINED_WITHIN: Final = 260  # characters

_NEGATED = re.compile(r"\b(?:not|nicht|kein\w*|never|without|neither)(?: +\S+)? +$")
_BREAKS: Final = ("\n", ". ", "! ", "? ", "•", "; ", "*** ")
_EDGE: Final = "•*;"
_JUNIOR = re.compile(
    r"\b(?:junior|jr|entry[ -]level|trainee|graduate|berufseinsteiger|intern|praktikum|"
    r"werkstudent)\b",
    re.IGNORECASE,
)
_YEARS = spaced(
    r"\b([0-9]{1,2})\+?(?: plus)? (?:(?:full|or more) )?(?:years|jahre)\b"
    r"(?= (?:\w+ ){0,6}(?:experience|erfahrung|berufserfahrung))"
)
_INSIDE_BEFORE = spaced(
    r"(?:experience|knowledge|familiarity|familiar|proficien\S+|years|kenntnis\w*|erfahrung\w*|jahre)"
    r"(?: (?:\w+ ){0,3}|'? )(?:with|of|in|at|within|bei|mit) (?:the |der |dem )?$"
)
_INSIDE_AFTER = spaced(
    r"(?:'s?|s)?(?: \w+){0,2} (?:systems?|software|tools?|process\w*|procedures|polic\w+|"
    r"databases?)"
)
# Kinds of demand; a sentence with many of them describes one person rather than a job.
_DEMANDS: Final = {
    "years": (" years of", " years' ", " jahre "),
    "certificate": (" certified ", " certification ", " certificate ", " zertifi"),
    "licence": (" license ", " licence ", " approbation ", " führerschein"),
    "language": (" fluent in ", " fluency in ", " bilingual ", " fließend"),
    "degree": (" degree in ", " master's ", " phd ", " doctorate ", " studium der "),
    "clearance": (" clearance ", " sicherheitsüberprüfung"),
    "sector": (" sector ", " industry ", " branche "),
    "place": (" must reside ", " residing in ", " wohnhaft "),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class RedFlag:
    """One sign found in a posting."""

    code: str  # its name
    severity: Severity  # how much it says on its own
    meaning: str  # half a sentence for the reasoning
    quote: str  # the words of the description: description[start:end]
    start: int  # offset in the description
    end: int  # offset after it

    def as_output(self) -> dict[str, Any]:
        """The flag as the answers of the analyst and the expert carry it."""
        return {
            "flag": self.code,
            "quote": self.quote,
            "severity": self.severity,
            "start": self.start,
            "end": self.end,
        }


def red_flags(posting: Posting) -> list[RedFlag]:
    """The flags of a posting in reading order, each at most once.

    Text beyond MAX_CHARACTERS is not read.
    """
    folded = fold(posting.description[:MAX_CHARACTERS])
    found: dict[str, RedFlag] = {}
    for flag in (
        *_by_pattern(folded),
        *_by_company(folded, posting.company),
        *_odd_combination(folded),
        *_junior_with_years(folded, posting.title),
        *_thin(folded),
    ):
        found.setdefault(flag.code, flag)
    return sorted(found.values(), key=lambda flag: (flag.start, flag.code))


def _by_pattern(folded: Folded) -> Iterator[RedFlag]:
    low = folded.folded
    done: set[int] = set()
    for position, indexes in _TRIGGERS.iter(low):
        for index in indexes:
            if index in done:
                continue
            flag = FLAGS[index]
            match = flag.pattern.search(low, max(0, position - _WINDOW), position + _WINDOW)
            if match is None or _NEGATED.search(low[max(0, match.start() - 25) : match.start()]):
                continue
            done.add(index)
            yield _known(folded, flag.code, match.span())


def _by_company(folded: Folded, company: str) -> Iterator[RedFlag]:
    """Experience asked for with the employer that is hiring."""
    name = fold(company).folded.strip()
    low = folded.folded
    if len(name) < 3:
        return
    at = low.find(f" {name}")
    while at >= 0:
        stop = at + 1 + len(name)
        opening = max(0, at - _COMPANY_ROOM)
        asked = _INSIDE_BEFORE.search(low[opening : at + 1])
        if asked is not None:
            start = opening + asked.start()
            after = _INSIDE_AFTER.match(low, stop)
            if asked.group().startswith(("years", "jahre")):
                yield _known(folded, "tenure_in_house", (start, stop))
            elif after is not None:
                yield _known(folded, "insider_knowledge", (start, after.end()))
        at = low.find(f" {name}", stop)


def _odd_combination(folded: Folded) -> Iterator[RedFlag]:
    hits = [(position, kind) for position, kind in _DEMAND_WORDS.iter(folded.folded)]
    for first, (start, _) in enumerate(hits):
        kinds = set()
        for position, kind in hits[first:]:
            if position - start > _COMBINED_WITHIN:
                break
            kinds.add(kind)
            if len(kinds) >= _COMBINED and not _parted(folded.text, start, position):
                meaning = "one sentence asks for a combination that few people have"
                yield _flag(folded, "odd_combination", "medium", meaning, (start, position))
                return


def _parted(text: str, start: int, end: int) -> bool:
    return "\n" in text[start:end] or ". " in text[start:end] or "; or" in text[start:end]


def _junior_with_years(folded: Folded, title: str) -> Iterator[RedFlag]:
    if _JUNIOR.search(title) is None:
        return
    for match in _YEARS.finditer(folded.folded):
        if int(match[1]) >= _SENIOR_YEARS:
            meaning = "a beginner's title comes with years of experience"
            yield _flag(folded, "junior_with_years", "medium", meaning, match.span())
            return


def _thin(folded: Folded) -> Iterator[RedFlag]:
    words = folded.text.strip()
    if len(words) < _THIN:
        start = folded.text.find(words[:1]) + 1
        meaning = "the posting says next to nothing about the job"
        yield _flag(folded, "thin_posting", "low", meaning, (start, start + min(len(words), 60)))


def _known(folded: Folded, code: str, span: tuple[int, int]) -> RedFlag:
    flag = _FLAG_OF[code]
    return _flag(folded, code, flag.severity, flag.meaning, span)


def _flag(
    folded: Folded, code: str, severity: Severity, meaning: str, span: tuple[int, int]
) -> RedFlag:
    start, end = _sentence(folded.text, span[0] - 1, span[1] - 1)
    quote = folded.text[start:end]
    return RedFlag(code=code, severity=severity, meaning=meaning, quote=quote, start=start, end=end)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around two offsets, or the part of it near them, at word borders."""
    start, end = max(0, start), min(len(text), max(end, start + 1))
    first = opening = max(0, start - _QUOTE_ROOM)
    for mark in _BREAKS:
        if (at := text.rfind(mark, opening, start)) >= 0:
            first = max(first, at + len(mark))
    if first == opening > 0:
        first = text.find(" ", opening, start) + 1 or start
    last = limit = min(len(text), end + _QUOTE_ROOM)
    for mark in _BREAKS:
        if (at := text.find(mark, end, limit)) >= 0:
            last = min(last, at + 1)
    if last == limit < len(text):
        last = max(end, text.rfind(" ", end, limit))
    return _trimmed(text, (first, last), (start, end))


def _trimmed(text: str, span: tuple[int, int], inner: tuple[int, int]) -> tuple[int, int]:
    first, last = span
    while first < inner[0] and (text[first].isspace() or text[first] in _EDGE):
        first += 1
    while last > inner[1] and (text[last - 1].isspace() or text[last - 1] in _EDGE):
        last -= 1
    while first < last - 1 and text[first].isspace():
        first += 1
    while last > first + 1 and text[last - 1].isspace():
        last -= 1
    return first, last


_FLAG_OF: Final = {flag.code: flag for flag in FLAGS}


def _trigger_automaton() -> Any:
    owners: dict[str, tuple[int, ...]] = {}
    for index, flag in enumerate(FLAGS):
        for trigger in flag.triggers:
            owners[trigger] = (*owners.get(trigger, ()), index)
    automaton = ahocorasick.Automaton()
    for trigger, indexes in owners.items():
        automaton.add_word(trigger, indexes)
    automaton.make_automaton()
    return automaton


def _demand_automaton() -> Any:
    automaton = ahocorasick.Automaton()
    for kind, words in _DEMANDS.items():
        for word in words:
            automaton.add_word(word, kind)
    automaton.make_automaton()
    return automaton


_TRIGGERS: Final = _trigger_automaton()
_DEMAND_WORDS: Final = _demand_automaton()
