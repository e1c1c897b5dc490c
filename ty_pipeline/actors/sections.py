"""Reads a cleaned job description as sentences, each with its offsets and the part it belongs to.

Belongs here: telling duties from requirements from offers, by the heading that holds and by a
sentence's own words. Not here: the cue words (``cues.py``), where a sentence ends
(``segments.py``), what a heading looks like (``headings.py``), choosing sentences
(``summary.py``), judging summaries (``grounding.py``, ``completeness.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ty_pipeline.actors.cues import (
    CUES,
    GETTING,
    HAVING,
    JOB_VERBS,
    ORGANISATIONS,
    PERSONS,
    REQUIREMENT_OPENERS,
    SECTIONS,
    STOP_WORDS,
    Section,
    words_of,
)
from ty_pipeline.actors.headings import heading_of
from ty_pipeline.actors.segments import Segment, segments_of, sentence_spans, trimmed
from ty_pipeline.actors.suspicion import InstructionFilter

MAX_CHARACTERS: Final = 60_000  # of a description; the longest of 2,069 real postings has 21,000

Hits = tuple[tuple[Section, float], ...]  # parts that a word or pair speaks for, with weights

_CURRENCIES: Final = frozenset("$€£")
_GENITIVE: Final = frozenset({"von", "der", "des", "und", "bei", "unserer", "eines", "für"})
_STRONG: Final = 4.0  # a cue sum that outweighs the heading a sentence stands under
_CLEAR: Final = 2.5  # a cue sum that names the part of a sentence that stands under none


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence or list item of a description."""

    start: int  # offset of its first character in the description
    end: int  # offset after its last character; marks and trailing ``;`` are outside
    text: str  # description[start:end] with every run of whitespace made one space
    section: Section  # the part it belongs to
    bullet: bool  # it carries a list mark
    headed: bool  # a heading, not its own words, named the part
    words: tuple[str, ...]  # lower-case words and numbers, in order, at least one
    scores: dict[Section, float]  # sum of the cue weights found, per part that has any


def read_sections(description: str) -> tuple[Sentence, ...]:
    """Cut a description into sentences in reading order, each with its part; headings left out.

    Never raises; text beyond MAX_CHARACTERS is not read. A sentence that speaks to a machine
    rather than to an applicant is given to the part ``notice``, from which nothing is taken.
    """
    return tuple(_Reader(description[:MAX_CHARACTERS]).sentences())


def language_of(words: Sequence[str]) -> str | None:
    """``en`` or ``de`` by the stop words found; None where fewer than one word in 25 tells."""
    english = sum(word in STOP_WORDS["en"] for word in words)
    german = sum(word in STOP_WORDS["de"] for word in words)
    if max(english, german) < max(2, len(words) // 25) or english == german:
        return None
    return "en" if english > german else "de"


class _Reader:
    """Walks the segments of one description and remembers what holds."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.heading: Section | None = None  # the part that the last heading opened
        self.list_seen = False  # a marked item stood under that heading
        self.run: tuple[Section, bool, bool] | None = None  # part and form of the item before
        self.instructions = InstructionFilter(text)

    def sentences(self) -> Iterator[Sentence]:
        for segment in segments_of(self.text):
            heading = heading_of(self.text, segment)
            held, start = self.heading, segment.start
            if heading is not None:
                start += heading.length
                held = heading.section or self.heading
            elif self.list_seen and not segment.bullet:
                held, self.list_seen, self.heading = None, False, None
            if start < segment.end:
                # A lead-in is judged by its own words; what it opens is the list after it.
                lead_in = heading is not None and heading.length == 0 and heading.lasting
                yield from self._of_segment(start, segment, self.heading if lead_in else held)
            if heading is not None and heading.lasting and heading.section is not None:
                self.heading = None if heading.section == "unknown" else heading.section
                self.list_seen, self.run = False, None

    def _of_segment(self, start: int, segment: Segment, held: Section | None) -> Iterator[Sentence]:
        self.list_seen = self.list_seen or segment.bullet
        for begin, end in sentence_spans(self.text, start, segment.end):
            sentence = self._sentence(begin, end, segment, None if held == "unknown" else held)
            if sentence is not None:
                self.run = (sentence.section, segment.bullet, segment.own_line)
                yield sentence

    def _sentence(
        self, begin: int, end: int, segment: Segment, held: Section | None
    ) -> Sentence | None:
        begin, end = trimmed(self.text, begin, end)
        text = " ".join(self.text[begin:end].split())
        words = words_of(text)
        if not words:
            return None
        scores = cue_scores(words, text)
        if self.instructions.catches(begin, end, text):
            section: Section = "notice"
        else:
            section = _section_of(held, scores, words[0] in REQUIREMENT_OPENERS)
            section = self._continued(section, text, segment)
        return Sentence(
            start=begin,
            end=end,
            text=text,
            section=section,
            bullet=segment.bullet,
            headed=held == section,
            words=words,
            scores=scores,
        )

    def _continued(self, section: Section, text: str, segment: Segment) -> Section:
        """An item that says nothing of its part goes with the item before it in its list."""
        if section != "unknown" or self.run is None:
            return section
        before, bullet, own_line = self.run
        same_list = bullet == segment.bullet and (bullet or (own_line and segment.own_line))
        if before in ("tasks", "requirements", "offer") and (same_list or text[0].islower()):
            return before
        return section


def cue_scores(words: Sequence[str], text: str) -> dict[Section, float]:
    """The sum of the cue weights in a sentence, per part that has any.

    ``words``: the words of ``text``, at least one.
    """
    scores: dict[Section, float] = {}
    pairs: Mapping[str, Hits] = _NO_PAIRS
    after_will = False
    for word in words:
        if pairs and word in pairs:
            _add(scores, pairs[word])
        if after_will and word in JOB_VERBS:
            _add(scores, _WILL_DO)
        after_will = word == "will"
        cue = _CUES.get(word)
        if cue is None:
            pairs = _NO_PAIRS
        else:
            pairs = cue[1]
            _add(scores, cue[0])
    section, weight = _opening(words)
    if weight:
        scores[section] = scores.get(section, 0.0) + weight
    if not _CURRENCIES.isdisjoint(text):
        scores["offer"] = scores.get("offer", 0.0) + 2.0
    if _speaks_of_an_organisation(words):
        scores["about"] = scores.get("about", 0.0) + 2.0
        scores["tasks"] = scores.get("tasks", 0.0) - 2.5
    if "kenntnisse " in text or text.endswith(("kenntnisse", "kenntnisse.")):
        scores["requirements"] = scores.get("requirements", 0.0) + 2.0
    return scores


def _speaks_of_an_organisation(words: Sequence[str]) -> bool:
    """Whether a sentence's subject is an office, team or company, and nobody in it is hired."""
    if words[0] in JOB_VERBS or ORGANISATIONS.isdisjoint(words[:9]):
        return False
    return words[0] not in ("under", "as") and PERSONS.isdisjoint(words)


def _add(scores: dict[Section, float], hits: Hits) -> None:
    for section, weight in hits:
        scores[section] = scores.get(section, 0.0) + weight


def _opening(words: Sequence[str]) -> tuple[Section, float]:
    """What the first words of a sentence speak for, and how much; a weight of 0 for nothing."""
    first = words[1] if words[0] in ("will", "and") and len(words) > 1 else words[0]
    second = words[words.index(first) + 1] if len(words) > 2 else ""
    if words[0] in REQUIREMENT_OPENERS:
        return "requirements", 1.5
    if first in JOB_VERBS:
        return "tasks", 3.0
    if first in ("you", "du", "sie"):
        return _of_second_person(first, second)
    if first in ("we", "our", "wir", "unser", "unsere"):
        return "about", 1.5
    if first.endswith("ung") and len(first) > 6 and len(words) > 2:
        return "tasks", 2.5 if second in _GENITIVE else 1.0
    return "unknown", 0.0


def _of_second_person(person: str, verb: str) -> tuple[Section, float]:
    """What *you plan*, *du planst*, *Sie planen* speak for: a duty, but for some verbs."""
    if verb in GETTING:
        return "offer", 2.0
    if verb in HAVING:
        return "requirements", 1.5
    if person == "you":
        does = verb not in STOP_WORDS["en"]
    else:
        does = verb.endswith(("st", "en", "rn", "ln"))
    return "tasks", 3.0 if does else 0.0


def _section_of(held: Section | None, scores: dict[Section, float], opens: bool) -> Section:
    """The part of a sentence, from the heading that holds and its own words.

    ``opens``: its first word opens a requirement.
    """
    if not scores:
        return held or "unknown"
    best = max(scores, key=lambda section: (scores[section], -SECTIONS.index(section)))
    weight = scores[best]
    wants = scores.get("requirements", 0.0)
    if best == "notice" and weight >= _STRONG:
        return "notice"
    if best == "requirements" and held in ("tasks", "offer", "notice"):
        outweighs = wants >= (3 if opens else 5) and wants >= 2 * scores.get("tasks", 0.0)
        return best if outweighs else held
    if held == "tasks" and best in ("offer", "about") and weight >= _CLEAR:
        return best if scores.get("tasks", 0.0) < 1 else held
    if held == "requirements" and best == "tasks" and weight >= _STRONG and wants < 1:
        return best
    if held == "requirements" and best in ("offer", "about") and weight >= _STRONG:
        return best if wants < 1 else held
    if held in ("tasks", "requirements", "offer", "notice"):
        return held
    return best if weight >= _CLEAR else held or "unknown"


def _index() -> dict[str, tuple[Hits, Mapping[str, Hits]]]:
    """Word -> what it speaks for alone, and with each word that may follow: one look-up a word."""
    alone: dict[str, Hits] = {}
    pairs: dict[str, dict[str, Hits]] = {}
    for section, weights in CUES.items():
        for cue, weight in weights.items():
            first, _, second = cue.partition(" ")
            table = pairs.setdefault(first, {}) if second else alone
            table[second or first] = (*table.get(second or first, ()), (section, weight))
    return {word: (alone.get(word, ()), pairs.get(word, {})) for word in alone.keys() | pairs}


_WILL_DO: Final[Hits] = (("tasks", 2.0),)
_NO_PAIRS: Final[Mapping[str, Hits]] = {}
_CUES: Final = _index()
