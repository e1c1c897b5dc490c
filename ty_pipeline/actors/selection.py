"""Chooses sentences of a posting for the sections of a summary.

Belongs here: what makes a sentence usable, its rank within a section, variety among the chosen.
Not here: how many a section gets and how they are laid out (``summary.py``, ``improve.py``).

Rank is centrality in the description (0 to 1), plus priors for cue words, headings, list marks,
position and length; their sizes were set by reading summaries of the public NYC postings and of
technology adverts. Variety is by maximal marginal relevance (Carbonell and Goldstein, 1998): the next
sentence is the one whose rank, less its likeness to what is already chosen, is highest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal

from ty_pipeline.actors.centrality import alike, centrality, content_stems, similarity, vectors
from ty_pipeline.actors.cues import JOB_VERBS, Section, word_set, words_of
from ty_pipeline.actors.posting import Posting
from ty_pipeline.actors.sections import Sentence, read_sections
from ty_pipeline.actors.suspicion import (
    holds_contact_data,
    holds_markup,
    holds_placeholder,
    holds_web_address,
    is_record_line,
)

Wanted = Literal["tasks", "requirements", "offer"]

_LIKENESS: Final = 0.7  # how much a chosen sentence's likeness takes from the next one's rank
_SAME: Final = 0.85  # cosine from which two sentences say the same
_LOOSE: Final = 1.5  # cue sum that admits a sentence where the plain reading found too few
_PROSE: Final[frozenset[Section]] = frozenset({"overview", "about", "unknown"})
_HEAD: Final = re.compile(r"[,/|–]| - |\([^()]*\)?")  # ends the part of a title that names the job
_MONEY: Final = re.compile(r"[$€£]\s?\d|\d\s?(?:€|\b(?:EUR|USD|CHF|GBP)\b)")
_OPENING: Final = 240  # characters by which two sentences are compared before one is taken
_SPARE: Final = 10  # sentences beyond those wanted that are weighed for variety
_ENOUGH: Final = 5  # duties beyond which one of a list may become the role
_LEAST: Final = 3  # sentences of a list that are taken whatever their rank
_FLOOR: Final = 0.35  # rank, less likeness, under which no further one is
_ROLE_WITHIN: Final = 20  # sentences from the start among which the role is looked for
_ROLE_WORDS: Final = word_set("""
    als candidate dieser direction hiring job looking mission opening position recruiting reporting
    reports role seeking seeks suche suchen supervision vacancy verstärke verstärkung will you you'll
""")
_ROLE_CUE: Final = re.compile(
    r"\b(?:(?:is|are|we're) (?:\w+ )?(?:looking|seeking|hiring|recruiting)|seeks|"
    r"has (?:a vacancy|an opening)|(?:successful|selected|ideal|qualified) candidate|will (?:serve|"
    r"be responsible|work|lead|report|oversee|join|help|drive|play|manage|perform|support)|"
    r"reporting (?:directly )?to|reports (?:directly )?to|under (?:the )?(?:general |direct |"
    r"executive )?(?:direction|supervision)|as (?:an?|our|the) [^,.]{3,80},? you|this (?:role|"
    r"position|job)|the role|in this role|your mission|you will|you'll|suchen wir|wir suchen|"
    r"(?:als|in) [^,.]{3,80} (?:bist|übernimmst|verantwortest|arbeitest|unterstützt|sind|"
    r"übernehmen|bringst|leitest) (?:du|sie)|zur verstärkung|in dieser (?:rolle|position|funktion)|"
    r"verstärken?)\b",
    re.IGNORECASE,
)
# Words of sentences that lean on another one, or speak of conditions rather than of the job.
_OUT_OF_PLACE: Final = word_set("""
    above actual assigned below click disclaimer however learn listed ordinance placement
    probationary pursuant range's ranges related see substituted vieles
""")
_ON_APPLYING: Final = word_set("considered eligible exam examination permanently reachable resume")
_CONTINUING: Final = word_set("of and or including such but which where sowie oder und")
_BACKWARD: Final = word_set("they it he she these those such this sie er es diese")


class Selection:
    """The sentences of one posting, ranked, with a memory of what was taken."""

    def __init__(self, posting: Posting) -> None:
        self.posting = posting
        everything = read_sections(posting.description)
        self.sentences = [s for s in everything if s.section != "notice" and _form(s)]
        self._vectors = vectors([sentence.words for sentence in self.sentences])
        self._central = centrality(self._vectors)
        self._taken: list[int] = []
        self._openings: dict[int, frozenset[str]] = {}

    def keep(self, spans: Iterable[tuple[int, int]]) -> None:
        """Count the sentences at these offsets of the description as taken already."""
        for start, end in spans:
            for index, sentence in enumerate(self.sentences):
                if sentence.start < end and start < sentence.end and index not in self._taken:
                    self._taken.append(index)

    def at(self, start: int) -> Sentence | None:
        """The sentence that begins at an offset of the description."""
        return next((sentence for sentence in self.sentences if sentence.start == start), None)

    def take_role(self) -> Sentence | None:
        """The sentence that says best what the job is; None where none does."""
        heads = [part for part in _HEAD.split(self.posting.title) if len(part) > 3]
        title = content_stems(words_of(heads[0] if heads else self.posting.title))
        duties = sum(sentence.section == "tasks" for sentence in self.sentences)
        able = [
            index
            for index, sentence in enumerate(self.sentences)
            if _can_be_role(sentence)
            and index not in self._taken
            and (duties > _ENOUGH or not sentence.bullet)  # a list of few needs them all itself
        ]
        ranks = {index: self._role_rank(index, title) for index in able[:_ROLE_WITHIN]}
        for index in sorted(ranks, key=lambda index: (-ranks[index], index)):
            if _clean(self.sentences[index]):
                self._taken.append(index)
                return self.sentences[index]
        return None

    def take(self, wanted: Wanted, count: int, *, loose: bool = False) -> list[Sentence]:
        """Up to ``count`` sentences of a part, varied, in the order of the posting.

        ``loose`` also admits sentences with fainter cues of the part that stand in no other list.
        """
        pool = [i for i, s in enumerate(self.sentences) if _belongs(s, wanted, loose)]
        ranks = {
            index: self._rank(index, wanted, 1 - place / len(pool))
            for place, index in enumerate(pool)
        }
        return self._varied(pool, ranks.__getitem__, count, 0 if wanted == "offer" else _LEAST)

    def take_rest(self, count: int) -> list[Sentence]:
        """Up to ``count`` of the most central sentences on the job or its employer, else on more
        of its duties."""
        able = [i for i, s in enumerate(self.sentences) if _stands_alone(s)]
        prose = [i for i in able if self.sentences[i].section in _PROSE]
        chosen = self._varied(prose, self._central.__getitem__, count, count)
        duties = [i for i in able if self.sentences[i].section == "tasks"]
        return chosen or self._varied(duties, self._central.__getitem__, count, count)

    def _varied(
        self, pool: Sequence[int], rank: Callable[[int], float], count: int, least: int
    ) -> list[Sentence]:
        """Up to ``count`` of a pool, by rank less likeness; after ``least`` only good ones."""
        ranks = {index: rank(index) for index in pool if index not in self._taken}
        best_first = sorted(ranks, key=lambda index: (-ranks[index], index))
        likeness = dict.fromkeys(best_first[: count + _SPARE], 0.0)
        chosen: list[int] = []
        while likeness and len(chosen) < count:
            best = max(likeness, key=lambda i: (ranks[i] - _LIKENESS * likeness[i], -i))
            likest = likeness.pop(best)
            if len(chosen) >= least and ranks[best] - _LIKENESS * likest < _FLOOR:
                break
            if likest >= _SAME or self._repeats(best, chosen) or not _clean(self.sentences[best]):
                continue
            chosen.append(best)
            vector = self._vectors[best]
            for index, before in likeness.items():
                likeness[index] = max(before, similarity(self._vectors[index], vector))
        self._taken += chosen
        return [self.sentences[index] for index in sorted(chosen)]

    def _repeats(self, index: int, chosen: Iterable[int]) -> bool:
        """Whether a sentence begins as one that was taken: clipped, they would be the same."""
        opening = self._opening(index)
        return any(alike(opening, self._opening(other)) for other in (*self._taken, *chosen))

    def _opening(self, index: int) -> frozenset[str]:
        if index not in self._openings:
            words = words_of(self.sentences[index].text[:_OPENING])
            self._openings[index] = frozenset(content_stems(words))
        return self._openings[index]

    def _rank(self, index: int, wanted: Wanted, position: float) -> float:
        """``position``: 1 for the first sentence of its part, falling to 0."""
        sentence = self.sentences[index]
        rank = self._central[index] + 0.3 * position
        rank += 0.4 * min(sentence.scores.get(wanted, 0.0) / 6, 1.0)
        rank += 0.3 * sentence.headed + 0.15 * sentence.bullet
        if wanted == "offer":
            rank += 0.5 * (_MONEY.search(sentence.text) is not None)
            rank -= 1.0 * (sentence.text[0].islower() and not sentence.bullet)
        if not 25 <= len(sentence.text) <= 320 or (wanted == "tasks" and len(sentence.words) < 5):
            rank -= 0.25
        if sentence.text[-1] in "?!" or sentence.text.endswith("...") or sentence.text.isupper():
            rank -= 0.5
        if sentence.words[0] in _CONTINUING:
            rank -= 0.35
        if not _OUT_OF_PLACE.isdisjoint(sentence.words) or '""' in sentence.text:
            rank -= 0.5
        return rank

    def _role_rank(self, index: int, title: Sequence[str]) -> float:
        sentence = self.sentences[index]
        vector = self._vectors[index]
        # The last word of a title is what the person is; the words before it say of what kind.
        head = 0.5 * (bool(title) and title[-1] in vector)
        shared = sum(root in vector for root in title) / max(len(title), 1)
        rank = 0.6 * shared + head + 0.3 * self._central[index]
        rank += 0.4 * (1 - index / len(self.sentences))
        if not _ROLE_WORDS.isdisjoint(sentence.words) and _ROLE_CUE.search(sentence.text):
            rank += 0.9
        rank -= 0.5 * sentence.bullet + 0.8 * (sentence.section in ("requirements", "offer"))
        rank -= 0.5 * (sentence.section == "about") + 0.4 * (sentence.words[0] in _BACKWARD)
        rank -= 0.4 * (sentence.words[:2] == ("in", "addition") or "**" in sentence.text)
        rank -= 0.7 * (not _ON_APPLYING.isdisjoint(sentence.words))
        return rank


def _form(sentence: Sentence) -> bool:
    """Whether a sentence has the form of one: not a fragment, a lead-in or a label."""
    return len(sentence.words) > 2 and len(sentence.text) > 9 and sentence.text[-1] != ":"


def _stands_alone(sentence: Sentence) -> bool:
    """Whether a sentence can be read without the list or sentence before it."""
    return (
        len(sentence.words) > 7
        and sentence.text[0].isupper()
        and sentence.text[-1] not in "?!"
        and sentence.words[0] not in _BACKWARD
        and _OUT_OF_PLACE.isdisjoint(sentence.words)
    )


def _can_be_role(sentence: Sentence) -> bool:
    return len(sentence.words) > 4 and sentence.text[0].isupper() and sentence.text[-1] != "?"


def _belongs(sentence: Sentence, wanted: Wanted, loose: bool) -> bool:
    if sentence.section == wanted:
        return True
    if not loose or (sentence.headed and sentence.section in ("tasks", "requirements", "offer")):
        return False
    if wanted == "tasks" and sentence.section in ("unknown", "overview"):
        verbs = sum(word in JOB_VERBS for word in sentence.words[:12])
        of_us = sentence.words[0] in ("we", "our", "wir", "unser", "unsere")
        return (verbs > 1 and not of_us) or sentence.scores.get(wanted, 0.0) >= _LOOSE
    return sentence.scores.get(wanted, 0.0) >= _LOOSE


def _clean(sentence: Sentence) -> bool:
    """Whether a sentence is free of contact data, addresses, placeholders and record lines."""
    text = sentence.text
    return not (
        holds_contact_data(text)
        or holds_web_address(text)
        or holds_placeholder(text)
        or holds_markup(text)
        or is_record_line(text)
    )
