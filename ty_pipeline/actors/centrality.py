"""Which sentences of one text say most of what it says, and how alike two sentences are.

Belongs here: TF-IDF vectors over the sentences of one description, centrality, cosine. Not here:
what kind of sentence is wanted (``selection.py``).

A sentence is the document, the description the collection: a word's weight is its count in the
sentence times ``log(1 + sentences / sentences with the word)``. Centrality is the cosine with the
sum of all vectors (Radev et al., "Centroid-based summarization of multiple documents", 2004),
which takes linear time where a graph of all pairs takes quadratic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import hypot, log
from typing import Final

from ty_pipeline.actors.cues import STOP_WORDS

Vector = Mapping[str, float]  # stem -> weight, of length 1 (or empty)

_STEM: Final = 7  # letters kept of a word: joins inflections in English and German alike
_ALIKE: Final = 0.8  # share of common stems from which two texts say the same
_IGNORED: Final = STOP_WORDS["en"] | STOP_WORDS["de"]


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A crude stem: the first letters of a word, without a plural ``s``; blank for a stop word."""
    if len(word) < 2 or word in _IGNORED:
        return ""
    if len(word) > _STEM:
        return word[:_STEM]
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def content_stems(words: Sequence[str]) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    return [root for word in words if (root := stem(word))]


def vectors(sentences: Sequence[Sequence[str]]) -> list[Vector]:
    """One TF-IDF vector of length 1 per sentence (given as words), in order."""
    counts: list[dict[str, int]] = []
    holding: dict[str, int] = {}
    for words in sentences:
        count: dict[str, int] = {}
        for root in content_stems(words):
            count[root] = count.get(root, 0) + 1
        for root in count:
            holding[root] = holding.get(root, 0) + 1
        counts.append(count)
    rarity = {root: log(1 + len(counts) / seen) for root, seen in holding.items()}
    return [_unit({root: n * rarity[root] for root, n in count.items()}) for count in counts]


def centrality(sentences: Sequence[Vector]) -> list[float]:
    """The cosine of each vector with the sum of all, scaled so that the largest is 1."""
    total: dict[str, float] = {}
    for vector in sentences:
        for term, weight in vector.items():
            total[term] = total.get(term, 0.0) + weight
    centre = _unit(total)
    raw = [similarity(vector, centre) for vector in sentences]
    highest = max(raw, default=0.0)
    return [value / highest for value in raw] if highest > 0 else raw


def similarity(one: Vector, other: Vector) -> float:
    """The cosine of two vectors of length 1, from 0 to 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum([weight * other[term] for term, weight in one.items() if term in other])


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts, given as stems, say the same: four of five stems are common."""
    return bool(one) and len(one & other) >= _ALIKE * len(one | other)


def _unit(vector: Mapping[str, float]) -> Vector:
    if not vector:
        return {}
    scale = 1 / hypot(*vector.values())
    return {root: weight * scale for root, weight in vector.items()}
