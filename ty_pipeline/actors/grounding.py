"""Rubric A: is everything in the summary in the posting, and is it about this job?

Belongs here: grounding of sentences, numbers and names, the role against the title, contact data,
orders to a machine. Not here: whether the summary is complete and well formed
(``completeness.py``).

It knows nothing of how the summary was made: a text that stands in the posting word for word is
grounded, any other is held to the posting's words, numbers and names. Offsets given as evidence
are checked, not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ty_pipeline.actors.centrality import content_stems
from ty_pipeline.actors.cues import words_of
from ty_pipeline.actors.draft import CUT, SummarySection, split_details
from ty_pipeline.actors.posting import Posting, shown_title
from ty_pipeline.actors.sections import language_of
from ty_pipeline.actors.suspicion import holds_contact_data, speaks_to_a_machine
from ty_pipeline.actors.verdict import Grade, Reason

# One invented sentence, number or name costs 20, so a summary with any fails; only small faults,
# such as offsets that point elsewhere, leave enough.
GROUNDING_PASS: Final = 85
PARAPHRASE: Final = 0.75  # share of a text's content words the posting must hold, if not verbatim

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_NAME: Final = re.compile(r"(?<=[a-z,;] )[A-Z][\w&+#.-]*\w")
_QUOTES: Final = str.maketrans("“”„«»’‘`´–—‑", '"""""\'\'\'\'---')
_ORDINALS: Final = {
    "role": "The role",
    "key_responsibilities": "Responsibility",
    "requirements": "Requirement",
    "details": "Sentence",
}


def grade_grounding(posting: Posting, summary: Mapping[str, Any]) -> Grade:
    """Grade a summary (the writer's answer) for grounding and accuracy."""
    source = Source(posting)
    reasons = [
        *_ungrounded(source, posting, summary),
        *_role(posting, summary),
        *_leaks(summary),
        *_evidence(posting, summary),
    ]
    return Grade(reasons=tuple(reasons), threshold=GROUNDING_PASS)


class Source:
    """A posting, ready to be asked whether it holds a text."""

    def __init__(self, posting: Posting) -> None:
        self.folded = folded(f"{posting.title}\n{posting.company}\n{posting.description}")
        self._words: frozenset[str] | None = None
        self._stems: frozenset[str] = frozenset()
        self._numbers: frozenset[str] = frozenset()

    def faults(self, text: str) -> list[tuple[str, str]]:
        """What of ``text`` the posting does not hold, as code and remark; [] where it holds all."""
        if folded(text.removesuffix(CUT)).rstrip(".,;:") in self.folded:
            return []
        self._index()
        faults = []
        if any(number not in self._numbers for number in _NUMBER.findall(text)):
            faults.append(("invented_number", "holds a number that the posting does not"))
        if language_of(words_of(text)) != "de" and self._strange_name(text):
            faults.append(("invented_name", "holds a name that the posting does not"))
        stems = content_stems(words_of(text))
        if stems and sum(stem in self._stems for stem in stems) < PARAPHRASE * len(stems):
            faults.append(("ungrounded", "is not in the posting"))
        return faults

    def _strange_name(self, text: str) -> bool:
        names = (word for name in _NAME.findall(text) for word in words_of(name))
        return any(word not in (self._words or ()) for word in names)

    def _index(self) -> None:
        if self._words is None:
            words = words_of(self.folded)
            self._words = frozenset(words)
            self._stems = frozenset(content_stems(words))
            self._numbers = frozenset(_NUMBER.findall(self.folded))


def folded(text: str) -> str:
    """Text for comparison: lower case, plain quotes and dashes, single spaces."""
    return " ".join(text.translate(_QUOTES).lower().split())


def units(summary: Mapping[str, Any], title: str) -> Iterator[tuple[SummarySection, int, str]]:
    """Every sentence and item of a summary with its section and its number there, from 1.

    The title that opens a role is left out.
    """
    role = str(summary.get("role") or "")
    if role.casefold().startswith(title.casefold()):
        role = role[len(title) :].lstrip(" :.,–-")
    if role:
        yield "role", 1, role
    sections: tuple[SummarySection, ...] = ("key_responsibilities", "requirements")
    for section in sections:
        for number, text in enumerate(summary.get(section) or (), 1):
            yield section, number, str(text)
    for number, text in enumerate(split_details(str(summary.get("details") or "")), 1):
        yield "details", number, text


def full_text(summary: Mapping[str, Any]) -> str:
    """All texts of a summary, one a line."""
    lists: Iterable[Any] = (
        *(summary.get("key_responsibilities") or ()),
        *(summary.get("requirements") or ()),
    )
    return "\n".join(str(text) for text in (summary.get("role"), *lists, summary.get("details")))


def _ungrounded(source: Source, posting: Posting, summary: Mapping[str, Any]) -> Iterator[Reason]:
    for section, number, text in units(summary, shown_title(posting)):
        for code, remark in source.faults(text):
            what = _ORDINALS[section] if section == "role" else f"{_ORDINALS[section]} {number}"
            where = " of the details" if section == "details" else ""
            message = f"{what}{where} {remark}."
            yield Reason(code=code, section=section, message=message, cost=20)


def _role(posting: Posting, summary: Mapping[str, Any]) -> Iterator[Reason]:
    """The role must name the job: two thirds of the title's words of meaning."""
    title = set(content_stems(words_of(shown_title(posting))))
    role = set(content_stems(words_of(str(summary.get("role") or ""))))
    if 3 * len(title & role) < 2 * len(title):
        message = "The role does not name the job that the title names."
        yield Reason(code="role_not_title", section="role", message=message, cost=40)


def _leaks(summary: Mapping[str, Any]) -> Iterator[Reason]:
    text = full_text(summary)
    if holds_contact_data(text):
        message = "The summary holds an e-mail address or a phone number."
        yield Reason(code="contact_data", section=None, message=message, cost=40)
    if speaks_to_a_machine(text):
        message = "The summary holds words that give orders to a machine."
        yield Reason(code="instruction_text", section=None, message=message, cost=60)


def _evidence(posting: Posting, summary: Mapping[str, Any]) -> Iterator[Reason]:
    """Offsets must point at what the section says; at most one remark a section."""
    shown: dict[SummarySection, str] = {}
    wrong: set[SummarySection] = set()
    for item in summary.get("evidence") or ():
        section = item["section"]
        if section not in shown:
            value = summary.get(section) or ""
            shown[section] = folded(value if isinstance(value, str) else "\n".join(value))
        span = folded(posting.description[item["start"] : item["end"]])
        if section not in wrong and (not span or span not in shown[section]):
            wrong.add(section)
            message = f"Evidence of {section} points at text that the section does not hold."
            yield Reason(code="evidence_wrong", section=section, message=message, cost=5)
