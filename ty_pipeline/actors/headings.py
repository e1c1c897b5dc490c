"""Tells headings from content, and which part of a posting a heading opens.

Belongs here: the form of headings and labels. Not here: the words they are known by
(``heading_cues.py``), nor how long a heading holds (``sections.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ty_pipeline.actors.cues import Section, words_of
from ty_pipeline.actors.heading_cues import (
    GLUED_HEADING,
    HEADING_WORDS,
    HEADINGS,
    NAMED_HEADING,
)
from ty_pipeline.actors.segments import Segment

_INLINE_LABEL: Final = re.compile(r"([^.:;!?]{3,60}):\s+(?=\S)")
# "The ideal candidate will:" opens duties, "The ideal candidate will have:" requirements.
_DUTY_LEAD_IN: Final = re.compile(
    r"\b(?:will|shall|will be|responsible for|candidates?'?s? (?:\w+ )?duties(?: \w+){0,2}):$"
)
_LONGEST: Final = 110  # characters of a line that can be nothing but a heading


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What a segment says about the part that it opens."""

    section: Section | None  # the part; ``unknown`` opens none; None leaves the one that holds
    length: int  # characters that belong to the heading and not to the content after it
    lasting: bool = True  # it holds beyond its own segment


def heading_of(text: str, segment: Segment) -> Heading | None:
    """The heading that a segment is, begins with or ends in; None where it is content only."""
    raw = text[segment.start : segment.end]
    return _whole(raw, segment) or _label(raw, segment) or _lead_in(raw)


def _named(raw: str) -> Section | None:
    """The part that a heading's words name, or None."""
    folded = " ".join(raw.lower().replace("’", "'").split())
    if _DUTY_LEAD_IN.search(folded):
        return "tasks"
    return next((section for section, cue in HEADINGS if cue.search(folded)), None)


def _whole(raw: str, segment: Segment) -> Heading | None:
    """The segment as nothing but a heading."""
    bare = raw.strip("*_# ")
    if len(raw) > _LONGEST or not bare or bare[-1] in ".;,":
        return None
    words = words_of(bare)
    if not words or len(words) > 12:
        return None
    section = _named(bare)
    if bare[-1] == ":":
        named = section is not None or len(words) < 7
        return Heading(section=section, length=len(raw)) if named else None
    if bare.isupper() and len(bare) > 5 and not segment.bullet:
        return Heading(section=section or "unknown", length=len(raw))
    return Heading(section=section or "unknown", length=len(raw)) if _bare(bare, segment) else None


def _bare(bare: str, segment: Segment) -> bool:
    """Whether a line without colon or capitals has the words of a heading and no others."""
    words = words_of(bare)
    if segment.bullet or len(words) > 8 or not bare[0].isupper():
        return False
    if segment.own_line and NAMED_HEADING.search(bare.lower()):
        return True
    return all(word in HEADING_WORDS for word in words)


def _label(raw: str, segment: Segment) -> Heading | None:
    """A heading that its content follows on the same line."""
    if match := _INLINE_LABEL.match(raw):
        label = match.group(1)
        section = _named(label)
        # In a list, "Experience: 5 years" is an item; "Duties include: open the gates" is none.
        if segment.bullet and section != "tasks":
            return None
        if label.isupper() or all(word in HEADING_WORDS for word in words_of(label)):
            return _label_heading(section, match.end())
    if not segment.bullet and (match := GLUED_HEADING.match(raw)):
        return _label_heading(_named(match.group()), match.end())
    return None


def _label_heading(section: Section | None, length: int) -> Heading | None:
    if section == "offer":  # "Salary: 50,000": the label is part of the fact, and opens no list
        return Heading(section=section, length=0, lasting=False)
    return Heading(section=section, length=length) if section is not None else None


def _lead_in(raw: str) -> Heading | None:
    """A whole sentence that ends in a colon and names the list that follows it."""
    if not raw.endswith(":") or (len(raw) <= _LONGEST and len(words_of(raw)) <= 12):
        return None
    section = _named(raw[-200:])
    return Heading(section=section, length=0) if section in ("tasks", "requirements") else None
