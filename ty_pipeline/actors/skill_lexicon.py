"""Finds the names of known concepts in a text, each with its offsets.

Belongs here: the automaton over all labels, choosing among overlapping hits, and keeping one
automaton per taxonomy. Not here: folding (``folding.py``), which names are ambiguous
(``skill_names.py``), what a mention means (``skill_cues.py``), files (``taxonomy.py``).

One pass of an Aho-Corasick automaton finds every label that begins at a word; what is left to do
in Python grows with the hits, not with the taxonomy. 40,000 labels take about 30 MB.
"""

from __future__ import annotations

import re
import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, assert_never

import ahocorasick  # type: ignore[import-not-found]  # a C extension without stubs

from ty_pipeline.actors.folding import Folded, fold
from ty_pipeline.actors.skill_names import (
    GERMAN_NOUNS,
    NameRule,
    listed_alone,
    rule_of,
    speaks_of_languages,
    spoken_against,
    welcomed,
    word_ending,
)
from ty_pipeline.actors.taxonomy import OWN_SOURCE, Concept, Kind, taxonomy_digest

_BREAK = re.compile(r"[\n\t,;:()\[\]|•!?\"]|\. ")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)$")
_SENTENCE_OPENING = re.compile(r"(?:^|[.!?\n•●▪*]|\n\s*[-–])[\s\"“(]*$")
_LONGEST: Final = 60  # characters of a label; longer ones are definitions and never stand in a text
_NEAR: Final = 60  # characters within which two technologies keep each other company
_KEPT: Final = 3  # automata kept, newest last: the shipped one, the one in use and a new one


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What a mention refers to: a concept without its aliases."""

    concept_id: str  # as in Concept
    name: str  # as in Concept
    kind: Kind  # as in Concept


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """One place in a text where a concept is named."""

    start: int  # offset of its first character
    end: int  # offset after its last character, endings included
    concept: Known  # what is named


@dataclass(frozen=True, kw_only=True, slots=True)
class _Doubtful:
    """What is known of a label that is not believed in every case and place."""

    rule: NameRule  # when to believe it
    spelling: str  # as in the list


_Hit = tuple[int, int, int]  # start and end in the text, label


def lexicon_for(concepts: Iterable[Concept]) -> Lexicon:
    """The lexicon of these concepts: built once for equal concepts, whatever their order."""
    items = tuple(concepts)
    digest = taxonomy_digest(items)
    with _lock:
        if digest not in _lexicons:
            _lexicons[digest] = Lexicon(items)
            while len(_lexicons) > _KEPT:
                _lexicons.popitem(last=False)
        _lexicons.move_to_end(digest)
        return _lexicons[digest]


class Lexicon:
    """All labels of a taxonomy in one automaton.

    Where two concepts share a label, it names the one of our own list, else the one whose
    preferred name it is, else the one with the first identifier.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        ordered = sorted(concepts, key=lambda item: (item.source != OWN_SOURCE, item.concept_id))
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        self._owners = array("I")  # label -> index into _concepts
        self._lengths = array("B")  # label -> its characters
        self._doubtful: dict[int, _Doubtful] = {}
        self._broken: set[int] = set()  # labels that hold a comma or the like themselves
        self._concepts = [
            Known(concept_id=item.concept_id, name=item.name, kind=item.kind) for item in ordered
        ]
        own = sum(item.source == OWN_SOURCE for item in ordered)
        for group in (range(own), range(own, len(ordered))):
            for index in group:
                self._add(ordered[index].name, index, ordered[index])
            for index in group:
                for label in _other_labels(ordered[index]):
                    self._add(label, index, ordered[index])
        if len(self._owners):
            self._automaton.make_automaton()

    def mentions(self, folded: Folded) -> list[Mention]:
        """Every mention, in reading order and without overlap: the longest name at a place."""
        if not len(self._owners):
            return []
        chosen = _longest(sorted(self._hits(folded), key=lambda hit: (hit[0], -hit[1])))
        sure = [hit for hit in chosen if hit[2] not in self._doubtful]
        company = sorted(
            start
            for start, _, label in (*sure, *self._spelt_out(chosen, folded.text))
            if self._concept(label).kind == "technology"
        )
        kept = [hit for hit in chosen if self._believed(hit, folded, company)]
        return [
            Mention(start=start, end=end, concept=self._concept(label))
            for start, end, label in kept
        ]

    def _concept(self, label: int) -> Known:
        return self._concepts[self._owners[label]]

    def _add(self, label: str, index: int, concept: Concept) -> None:
        pattern = fold(label).folded.rstrip()
        if not 2 <= len(pattern) <= _LONGEST or pattern in self._automaton:
            return
        one_word = " " not in pattern[1:]
        if one_word and len(pattern) <= len(label):
            return  # "Act!": without its mark it is another word
        number = len(self._owners)
        self._owners.append(index)
        self._lengths.append(len(pattern) - 1)
        self._automaton.add_word(pattern, number)
        if _BREAK.search(label):
            self._broken.add(number)
        if one_word:
            rule = rule_of(pattern[1:], label, concept.kind, concept.source)
            if rule != "any":
                self._doubtful[number] = _Doubtful(rule=rule, spelling=label)

    def _hits(self, folded: Folded) -> Iterator[_Hit]:
        """Labels that stand as words of their own, overlapping ones too."""
        text, low = folded.text, folded.folded
        for stop, label in self._automaton.iter(low):
            start = stop - self._lengths[label]
            name = low[start + 1 : stop + 1]
            end = stop if low[stop + 1] == " " else _word_end(low, stop + 1, name, folded.german)
            if end is None or (end != stop and not self._may_go_on(label, end - stop)):
                continue
            if " " in name and label not in self._broken and _BREAK.search(text, start, end):
                continue
            if not spoken_against(folded, start, end, name):
                yield start, end, label

    def _may_go_on(self, label: int, letters: int) -> bool:
        """A doubtful name may open a compound, but has no plural: "excels" is not Excel."""
        return label not in self._doubtful or letters > 4

    def _spelt_out(self, hits: list[_Hit], text: str) -> Iterator[_Hit]:
        """Doubtful names spelt as in the list, in a place where they can give company."""
        for start, end, label in hits:
            doubt = self._doubtful.get(label)
            if doubt is None or text[start : start + self._lengths[label]] != doubt.spelling:
                continue
            if doubt.rule != "company" or (self._lengths[label] > 1 and listed_alone(text, end)):
                yield start, end, label

    def _believed(self, hit: _Hit, folded: Folded, company: list[int]) -> bool:
        """Whether the place bears out a name that could mean something else."""
        start, end, label = hit
        doubt = self._doubtful.get(label)
        if doubt is None:
            return True
        text = folded.text
        name = text[start : start + self._lengths[label]]
        match doubt.rule:
            case "any":
                return True
            case "german":
                return folded.german
            case "language":
                return name[:1].isupper() and speaks_of_languages(_line(text, start, end))
            case "exact" | "word" | "company":
                return _borne_out(doubt, name, folded, start, end, company)
            case _:
                assert_never(doubt.rule)


def _other_labels(concept: Concept) -> Iterator[str]:
    """The labels of a concept besides its name; imported one-word synonyms are left out.

    ESCO gives "plan", "lead" and "clean" as other words for a skill: each means too much.
    """
    bare = _PARENTHESIS.sub("", concept.name)
    for label in (bare, *concept.aliases):
        if concept.source == OWN_SOURCE or " " in label or label == bare:
            yield label
            if "." in label[1:]:
                yield label.replace(".", " ")


def _borne_out(
    doubt: _Doubtful, name: str, folded: Folded, start: int, end: int, company: list[int]
) -> bool:
    """Whether case and company say that the technology is meant, not the word."""
    text, near = folded.text, _has_company(company, start, end)
    alone = listed_alone(text, end)
    if name != doubt.spelling:
        listed = near and alone and text[:start].rstrip(" ")[-1:] in ",/|;•"
        return (name.islower() and listed) or (name.isupper() and near)
    if doubt.rule == "exact":
        return True
    noun = folded.german and (
        not alone or name.lower() in GERMAN_NOUNS
    )  # so its capital says little
    unsure = not near or noun
    if doubt.rule == "company" and unsure and not welcomed(text, start, end):
        return False
    return alone or not _SENTENCE_OPENING.search(text[max(0, start - 6) : start])


def _has_company(company: list[int], start: int, end: int) -> bool:
    first = bisect_left(company, start - _NEAR)
    return any(place != start for place in company[first : bisect_left(company, end + _NEAR)])


def _longest(hits: list[_Hit]) -> list[_Hit]:
    """The hits left when the longest is taken at each place; ``hits`` are in that order."""
    chosen: list[_Hit] = []
    reached = 0
    for hit in hits:
        if hit[0] >= reached:
            chosen.append(hit)
            reached = hit[1]
    return chosen


def _word_end(low: str, position: int, label: str, german: bool) -> int | None:
    """Where, in the text, the word that ends a label ends; None where it is another word."""
    following = low[position]
    if following.isalpha() or following == "'":
        ending = word_ending(low, position, label, german=german)
        return None if ending is None else ending - 1
    if following.isdigit():
        return None
    short = len(label) <= 3
    joined = following in "+#&" or (following == "." and low[position + 1].isalnum())
    return None if short and joined else position - 1


def _line(text: str, start: int, end: int) -> str:
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return text[max(first, start - 120) : min(len(text) if last < 0 else last, end + 120)]


_lock = threading.Lock()
_lexicons: OrderedDict[str, Lexicon] = OrderedDict()
