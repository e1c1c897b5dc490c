"""Rubric B: is the summary complete, well formed, and as long as it should be?

Belongs here: sections, bullets, length, language, format. Not here: whether what it says is true
(``grounding.py``).

Three to five bullets are asked of each list (WORKFLOW_3001, "Summary template"), but nothing that
is not in the posting. So a list of one or two is a fault that fails where the posting, as
``sections.py`` reads it, has more to give, and a remark where it has not; an empty list always
fails: whether a posting without requirements may be published is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ty_pipeline.actors.centrality import alike, content_stems
from ty_pipeline.actors.cues import Section, words_of
from ty_pipeline.actors.draft import CUT, SummarySection
from ty_pipeline.actors.grounding import folded, full_text
from ty_pipeline.actors.posting import Posting, shown_title
from ty_pipeline.actors.sections import cue_scores, language_of, read_sections
from ty_pipeline.actors.suspicion import holds_markup, holds_placeholder, is_record_line
from ty_pipeline.actors.verdict import Grade, Reason

# What makes a summary unusable costs 35 or more and fails by itself; two lesser faults of 15 to 20
# together fail as well, one does not.
COMPLETENESS_PASS: Final = 70
FEWEST: Final = 3  # bullets of a list (WORKFLOW_3001)
MOST: Final = 5  # bullets of a list (WORKFLOW_3001)
LONGEST: Final = 3500  # characters of a summary (WORKFLOW_3001: 1 to 3.5 kB)
_ROLE_OPENING: Final = 120  # characters by which a sentence is recognised in the role
LONGEST_BULLET: Final = 400  # characters; ten of them would be more than a summary

_LISTS: Final[tuple[tuple[SummarySection, str, Section], ...]] = (
    ("key_responsibilities", "responsibilities", "tasks"),
    ("requirements", "requirements", "requirements"),
)
_TEXTS: Final[tuple[SummarySection, ...]] = (
    "role",
    "key_responsibilities",
    "requirements",
    "details",
)


def grade_completeness(posting: Posting, summary: Mapping[str, Any]) -> Grade:
    """Grade a summary (the writer's answer) for completeness and format."""
    reasons = [
        *_sections(posting, summary),
        *_bullets(summary),
        *_length(posting, summary),
        *_language(posting, summary),
        *_format(summary),
    ]
    return Grade(reasons=tuple(reasons), threshold=COMPLETENESS_PASS)


def shortest_summary(posting: Posting) -> int:
    """Characters below which a summary is too short: a fifth of the description, 800 at most.

    WORKFLOW_3001: descriptions of 1.5 to 15 kB give summaries of 1 to 3.5 kB, headers and the
    lines of ``format_summary`` (about 200 characters) included.
    """
    return min(800, len(posting.description) // 5)


def _sections(posting: Posting, summary: Mapping[str, Any]) -> Iterator[Reason]:
    role, title = folded(str(summary.get("role") or "")), folded(shown_title(posting))
    if not role:
        yield _reason("missing_section", "role", "The role is missing.", 50)
    elif role.strip(" .:") == title.strip(" .:"):
        yield _reason("role_without_sentence", "role", "The role says no more than the title.", 15)
    if not str(summary.get("details") or "").strip():
        yield _reason("missing_section", "details", "There are no details.", 5)
    for section, name, part in _LISTS:
        bullets = [str(text) for text in summary.get(section) or ()]
        if not bullets:
            yield _reason("missing_section", section, f"There are no {name}.", 50)
        elif len(bullets) > MOST:
            message = f"There are {len(bullets)} {name}; at most {MOST} are wanted."
            yield _reason("too_many_bullets", section, message, 35)
        elif len(bullets) < FEWEST:
            yield _too_few(section, name, len(bullets), len(_stated(posting, part, role)))
        if section == "requirements" and bullets and not _ask_anything(posting, bullets):
            message = "No bullet of the requirements asks anything of the applicant."
            yield _reason("not_requirements", section, message, 35)


def _too_few(section: SummarySection, name: str, given: int, stated: int) -> Reason:
    why = "the posting states more" if stated > given else "the posting states no more"
    message = f"Of {name} there are {given}, fewer than {FEWEST}; {why}."
    return _reason("too_few_bullets", section, message, 35 if stated > given else 10)


def _stated(posting: Posting, part: Section, role: str) -> list[frozenset[str]]:
    """What the posting states of a part beside the role: the stems of each sentence, none twice."""
    stated: list[frozenset[str]] = []
    for sentence in read_sections(posting.description):
        stems = frozenset(content_stems(sentence.words))
        fits = sentence.section == part and len(stems) > 2 and sentence.text[-1] != ":"
        if folded(sentence.text)[:_ROLE_OPENING] in role:
            continue
        if fits and not any(alike(stems, other) for other in stated):
            stated.append(stems)
    return stated


def _ask_anything(posting: Posting, bullets: Sequence[str]) -> bool:
    """Whether any bullet reads as a requirement, by itself or where the posting has it."""
    for text in bullets:
        words = words_of(text)
        if words and cue_scores(words, text).get("requirements", 0.0) > 0:
            return True
    asked = " ".join(
        sentence.text
        for sentence in read_sections(posting.description)
        if sentence.section == "requirements"
    )
    return any(folded(text.removesuffix(CUT)) in folded(asked) for text in bullets)


def _bullets(summary: Mapping[str, Any]) -> Iterator[Reason]:
    seen: list[frozenset[str]] = []
    for section, name, _ in _LISTS:
        for number, text in enumerate(summary.get(section) or (), 1):
            stems = frozenset(content_stems(words_of(str(text))))
            if any(alike(stems, other) for other in seen):
                message = f"Bullet {number} of {name} says what another bullet says."
                yield _reason("duplicate_bullet", section, message, 35)
            seen.append(stems)
            if len(str(text)) > LONGEST_BULLET:
                message = f"Bullet {number} of {name} has more than {LONGEST_BULLET} characters."
                yield _reason("overlong_bullet", section, message, 20)


def _length(posting: Posting, summary: Mapping[str, Any]) -> Iterator[Reason]:
    length, least = len(full_text(summary)), shortest_summary(posting)
    if length > LONGEST:
        message = f"The summary has {length} characters; at most {LONGEST} are wanted."
        yield _reason("too_long", None, message, 35)
    if length < least:
        message = f"The summary has {length} characters; at least {least} are wanted."
        yield _reason("too_short", None, message, 35 if 2 * length < least else 15)


def _language(posting: Posting, summary: Mapping[str, Any]) -> Iterator[Reason]:
    wanted = language_of(words_of(posting.description))
    found = language_of(words_of(full_text(summary)))
    if wanted and found and wanted != found:
        names = {"en": "English", "de": "German"}
        message = f"The summary is in {names[found]}, the posting in {names[wanted]}."
        yield _reason("wrong_language", None, message, 40)


def _format(summary: Mapping[str, Any]) -> Iterator[Reason]:
    for section in _TEXTS:
        value = summary.get(section) or ()
        texts = [value] if isinstance(value, str) else [str(text) for text in value]
        if any(holds_placeholder(text) for text in texts):
            yield _reason("placeholder", section, f"A placeholder is left in {section}.", 60)
        if any(holds_markup(text) or "\n" in text for text in texts):
            message = f"Markup, a list mark or a line break stands in {section}."
            yield _reason("format", section, message, 35)
        if any(is_record_line(text) for text in texts):
            message = (
                f"A line of {section} gives location, company or job id; the posting's row does."
            )
            yield _reason("record_line", section, message, 35)


def _reason(code: str, section: SummarySection | None, message: str, cost: int) -> Reason:
    return Reason(code=code, section=section, message=message, cost=cost)
