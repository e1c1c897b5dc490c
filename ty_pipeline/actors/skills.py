"""Names the skills that a posting asks for, by dictionary: the offline actor of ``extract_skills``.

Belongs here: the actor, putting the mentions of one skill together, skills that no taxonomy knows.
Not here: finding names (``skill_lexicon.py``), reading what stands around them
(``skill_context.py``), taxonomy files (``taxonomy.py``), chat models.

It is a heuristic and says so in its model name. It keeps every skill that it finds; a skill that
only the title names is left out, because nothing in the description could be quoted for it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.cues import STOP_WORDS
from ty_pipeline.actors.folding import Folded, fold
from ty_pipeline.actors.posting import posting_of, text_of
from ty_pipeline.actors.sections import MAX_CHARACTERS
from ty_pipeline.actors.skill_context import Passage, Reading, Surroundings
from ty_pipeline.actors.skill_cues import (
    BANDS,
    START,
    WITHOUT_YEARS,
    Importance,
    Proficiency,
)
from ty_pipeline.actors.skill_lexicon import Known, Lexicon, Mention, lexicon_for
from ty_pipeline.actors.taxonomy import Concept, shipped_concepts

_RANK: Final[dict[Importance, int]] = {
    "bonus": 0,
    "preferred": 1,
    "important": 2,
    "critical": 3,
    "essential": 4,
}
_LEVEL_WEIGHT: Final[dict[Proficiency | None, int]] = {
    "expert": 4,
    "advanced": 2,
    "intermediate": 0,
    "beginner": -4,
    None: 0,
}
_ITEM_BREAK = re.compile(r"[,;|•/\n]|\s(?:and|und|oder|or|sowie)\s|\s[–·]\s")
_ITEM_EDGE: Final = " \t.:()[]*\"“”'’•·–-"
_LABEL = re.compile(r"[^:\n]{0,70}:")
_MOST_UNKNOWN: Final = 40  # skills without a taxonomy match that one posting may give


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """One mention with what the words around it say."""

    concept: Known | None  # None: a skill that no taxonomy knows
    name: str  # the concept's name, else the words of the posting
    reading: Reading  # what stands around it


class DictionarySkills:
    """Answers ``extract_skills`` from a dictionary, with the passage quoted for each skill."""

    model = "dictionary-aho-1"

    def __init__(self, concepts: Iterable[Concept] | None = None) -> None:
        self._lexicon = lexicon_for(shipped_concepts() if concepts is None else concepts)

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Read ``posting`` and, as a hint of what matters, ``saved``.

        Raises PermanentActorError where the posting is missing or is no posting.
        """
        posting = posting_of(inputs)
        summary = text_of(inputs.get("saved") or {}, "saved", "text")
        skills = extract(
            self._lexicon,
            posting.description,
            in_title=_named(self._lexicon, posting.title),
            in_summary=_wanted_in(self._lexicon, summary),
        )
        return Answer(output={"skills": skills})


def extract(
    lexicon: Lexicon,
    description: str,
    in_title: frozenset[str] = frozenset(),
    in_summary: frozenset[str] = frozenset(),
) -> list[dict[str, Any]]:
    """The skills of a description, heaviest first; the two sets hold concept ids named elsewhere.

    Text beyond MAX_CHARACTERS is not read.
    """
    folded = fold(description[:MAX_CHARACTERS])
    mentions = lexicon.mentions(folded)
    surroundings = Surroundings(folded)
    groups: dict[str, list[_Found]] = {}
    for found in (
        *(_read(mention, surroundings) for mention in mentions),
        *_unknown(folded, surroundings, mentions),
    ):
        key = found.concept.concept_id if found.concept else found.name.lower()
        groups.setdefault(key, []).append(found)
    skills = [
        _skill(description, group, lifted=key in in_summary, titled=key in in_title)
        for key, group in groups.items()
    ]
    return sorted(skills, key=lambda skill: (-skill["weight"], skill["start"], skill["name"]))


def _read(mention: Mention, surroundings: Surroundings) -> _Found:
    return _Found(
        concept=mention.concept,
        name=mention.concept.name,
        reading=surroundings.read(mention.start, mention.end),
    )


def _skill(description: str, group: list[_Found], *, lifted: bool, titled: bool) -> dict[str, Any]:
    """One skill from all its mentions: the most important one is quoted."""
    best = max(group, key=lambda found: (_RANK[found.reading.importance], -found.reading.start))
    reading, concept = best.reading, best.concept
    importance = reading.importance
    if importance == "important" and (lifted or titled):
        importance = "critical"
    proficiency = reading.proficiency or next(
        (found.reading.proficiency for found in group if found.reading.proficiency), None
    )
    years = [found.reading.years for found in group if found.reading.years is not None]
    counted = concept is None or _counts_years(concept)
    weight = START[importance] + _LEVEL_WEIGHT[proficiency] + min(6, 2 * (len(group) - 1))
    weight += 4 * titled + 3 * lifted + 3 * bool(years and counted)
    low, high = BANDS[importance]
    return {
        "name": best.name,
        "importance": importance,
        "weight": max(low, min(high, weight)),
        "proficiency": proficiency or "intermediate",
        "years_required": max(years) if years and counted else None,
        "evidence": description[reading.start : reading.end],
        "start": reading.start,
        "end": reading.end,
        "taxonomy_id": concept.concept_id if concept else None,
    }


def _counts_years(concept: Known) -> bool:
    """Whether years of experience can be meant: not of a degree, a language or a virtue."""
    countable = concept.kind in ("technology", "knowledge", "skill")
    return countable and concept.concept_id not in WITHOUT_YEARS


def _named(lexicon: Lexicon, text: str) -> frozenset[str]:
    return frozenset(mention.concept.concept_id for mention in lexicon.mentions(fold(text)))


def _wanted_in(lexicon: Lexicon, summary: str) -> frozenset[str]:
    """The concepts that the saved summary names among its requirements."""
    first = summary.find("**Requirements")
    if first < 0:
        return frozenset()
    last = summary.find("**Details", first)
    return _named(lexicon, summary[first : last if last > 0 else len(summary)])


def _unknown(
    folded: Folded, surroundings: Surroundings, mentions: list[Mention]
) -> Iterator[_Found]:
    """Items of explicit skill lists that no concept covers."""
    ends = [mention.end for mention in mentions]  # in order, as mentions never overlap
    count = 0
    for passage in surroundings.passages:
        if not passage.listing or count >= _MOST_UNKNOWN:
            continue
        for start, end in _items(folded.text, passage):
            after = bisect_right(ends, start)  # the first mention that ends behind the start
            free = after == len(mentions) or mentions[after].start >= end
            if count < _MOST_UNKNOWN and free:
                count += 1
                reading = surroundings.read(start, end)
                yield _Found(concept=None, name=folded.text[start:end], reading=reading)


def _items(text: str, passage: Passage) -> Iterator[tuple[int, int]]:
    """The offsets of the items of an enumeration that look like names of skills."""
    label = _LABEL.match(text, passage.start, passage.end)
    start = label.end() if label else passage.start
    if label is None and passage.end - start > 60:
        return
    breaks = [match.span() for match in _ITEM_BREAK.finditer(text, start, passage.end)]
    for stop, after in (*breaks, (passage.end, passage.end)):
        first, last = start, stop
        while first < last and text[first] in _ITEM_EDGE:
            first += 1
        while last > first and text[last - 1] in _ITEM_EDGE:
            last -= 1
        if _looks_like_a_name(text[first:last]):
            yield first, last
        start = after


def _looks_like_a_name(item: str) -> bool:
    words = item.lower().split()
    if not 1 <= len(words) <= 3 or not 2 <= len(item) <= 40 or "\n" in item:
        return False
    if not any(letter.isalpha() for letter in item):
        return False
    return not any(word in STOP_WORDS["en"] or word in STOP_WORDS["de"] for word in words)
