"""The offline improver: mends what the graders' reasons name, and leaves the rest as it is.

Belongs here: which fault is mended how. Not here: the rubrics that find faults
(``grounding.py``, ``completeness.py``), ranking sentences (``selection.py``).

Faults that name a section are mended there, faults of the whole summary everywhere; a code that
it does not know (a chat model grades in its own words) means: take out of that section what the
posting does not hold, and fill it up. What the posting does not give cannot be mended and stays,
so the next grade fails again and a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.centrality import alike, content_stems
from ty_pipeline.actors.completeness import FEWEST, LONGEST, MOST
from ty_pipeline.actors.cues import words_of
from ty_pipeline.actors.draft import Draft, Piece, SummarySection, clipped, draft_of
from ty_pipeline.actors.grounding import Source
from ty_pipeline.actors.posting import Posting, object_of, posting_of
from ty_pipeline.actors.sections import language_of
from ty_pipeline.actors.selection import Selection, Wanted
from ty_pipeline.actors.summary import (
    BULLET_LENGTH,
    ROLE_LENGTH,
    piece_of,
    pieces_of,
    with_fuller_details,
)
from ty_pipeline.actors.suspicion import (
    holds_contact_data,
    holds_markup,
    holds_placeholder,
    is_record_line,
    speaks_to_a_machine,
)

SECTIONS: Final[tuple[SummarySection, ...]] = (
    "role",
    "key_responsibilities",
    "requirements",
    "details",
)
_PARTS: Final[tuple[tuple[SummarySection, Wanted], ...]] = (
    ("key_responsibilities", "tasks"),
    ("requirements", "requirements"),
)
_HEADROOM: Final = 100  # characters: pieces are counted without what joins them

Faults = Mapping[SummarySection, frozenset[str]]  # section -> codes of the reasons that name it


class ReasonedImprover:
    """Answers ``improve_summary`` from ``posting``, ``summary`` and the verdicts of the round.

    The verdicts are ``verdict_a`` and ``verdict_b`` in round 1, ``verdict`` in rounds 2 and 3.
    """

    model = "improve-rules-1"

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Mend the summary; raises PermanentActorError where an input is missing or blank."""
        posting, summary = posting_of(inputs), object_of(inputs, "summary")
        handles = [h for h in ("verdict_a", "verdict_b", "verdict") if h in inputs] or ["verdict"]
        reasons = [
            reason for handle in handles for reason in object_of(inputs, handle).get("reasons", ())
        ]
        return Answer(output=improve_summary(posting, summary, reasons))


def improve_summary(
    posting: Posting, summary: Mapping[str, Any], reasons: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A summary (a writer's answer) with what the reasons name mended, in the writer's shape."""
    faults = _faults(reasons)
    draft = _sound(posting, draft_of(posting, summary), faults)
    selection = Selection(posting)
    selection.keep(
        (piece.start, piece.end)
        for _, piece in draft.pieces()
        if piece.start is not None and piece.end is not None
    )
    if draft.role is None and (role := selection.take_role()):
        draft = replace(draft, role=piece_of(posting, role, ROLE_LENGTH))
    for section, wanted in _PARTS:
        if faults[section]:
            draft = _filled(posting, draft, section, wanted, selection)
    if not draft.key_responsibilities:
        draft = _role_as_duty(posting, draft, selection)
    if faults["details"]:
        draft = with_fuller_details(posting, draft, selection)
    return (_shortened(draft) if "too_long" in faults["details"] else draft).output()


def _faults(reasons: Iterable[Mapping[str, Any]]) -> Faults:
    """The codes by section; a reason that names no section of ours concerns all of them."""
    faults: dict[SummarySection, frozenset[str]] = {section: frozenset() for section in SECTIONS}
    for reason in reasons:
        named = [section for section in SECTIONS if section == reason.get("section")]
        for section in named or SECTIONS:
            faults[section] |= {str(reason.get("code"))}
    return faults


def _sound(posting: Posting, draft: Draft, faults: Faults) -> Draft:
    """The draft with what is unsound taken out of the sections that have faults."""
    judge = _Judge(posting)
    if faults["role"] and draft.role is not None and not judge.accepts(draft.role):
        draft = replace(draft, role=None)
    if codes := faults["key_responsibilities"]:
        kept = judge.kept(draft.key_responsibilities, codes)
        draft = replace(draft, key_responsibilities=kept)
    if codes := faults["requirements"]:
        draft = replace(draft, requirements=judge.kept(draft.requirements, codes))
    if codes := faults["details"]:
        draft = replace(draft, details=judge.kept(draft.details, codes))
    return draft


class _Judge:
    """Says which pieces of a faulty section may stay."""

    def __init__(self, posting: Posting) -> None:
        self.posting = posting
        self.source = Source(posting)
        self.language = language_of(words_of(posting.description))

    def kept(self, pieces: Iterable[Piece], codes: frozenset[str]) -> tuple[Piece, ...]:
        """The sound pieces of a section, clipped, no two alike, no more than are wanted."""
        kept: list[Piece] = []
        seen: list[frozenset[str]] = []
        for piece in () if "not_requirements" in codes else pieces:
            stems = frozenset(content_stems(words_of(piece.text)))
            if self.accepts(piece) and not any(alike(stems, other) for other in seen):
                seen.append(stems)
                kept.append(_clipped(self.posting, piece, BULLET_LENGTH))
        return tuple(kept[:MOST])

    def accepts(self, piece: Piece) -> bool:
        """Whether the posting holds a piece, and nothing in it must be kept out of a summary."""
        text = piece.text
        found = language_of(words_of(text))
        return not (
            self.source.faults(text)
            or holds_contact_data(text)
            or speaks_to_a_machine(text)
            or holds_placeholder(text)
            or holds_markup(text)
            or is_record_line(text)
            or (found and self.language and found != self.language)
        )


def _clipped(posting: Posting, piece: Piece, limit: int) -> Piece:
    if len(piece.text) <= limit:
        return piece
    if piece.start is None or piece.end is None:
        return Piece(text=clipped(piece.text, 0, len(piece.text), limit).text)
    return clipped(posting.description, piece.start, piece.end, limit)


def _filled(
    posting: Posting, draft: Draft, section: SummarySection, wanted: Wanted, selection: Selection
) -> Draft:
    """The draft with a list filled up: by the plain reading, then from fainter cues."""
    pieces: tuple[Piece, ...] = getattr(draft, section)
    for loose in (False, True):
        if len(pieces) < FEWEST:
            more = selection.take(wanted, MOST - len(pieces), loose=loose)
            pieces += pieces_of(posting, more, BULLET_LENGTH)
    ordered = sorted(
        pieces, key=lambda piece: len(posting.description) if piece.start is None else piece.start
    )
    return _with_list(draft, section, tuple(ordered))


def _with_list(draft: Draft, section: SummarySection, pieces: tuple[Piece, ...]) -> Draft:
    if section == "requirements":
        return replace(draft, requirements=pieces)
    return replace(draft, key_responsibilities=pieces)


def _role_as_duty(posting: Posting, draft: Draft, selection: Selection) -> Draft:
    """Where the posting's one sentence on the work went into the role, it is the duty instead."""
    role = draft.role
    if role is None or role.start is None:
        return draft
    sentence = selection.at(role.start)
    if sentence is None or sentence.scores.get("tasks", 0.0) <= 0:
        return draft
    other = selection.take_role()
    return replace(
        draft,
        role=piece_of(posting, other, ROLE_LENGTH) if other else None,
        key_responsibilities=(piece_of(posting, sentence, BULLET_LENGTH),),
    )


def _shortened(draft: Draft) -> Draft:
    """The draft without its last details, then without its last bullets, until it fits."""
    while draft.length() > LONGEST - _HEADROOM:
        if draft.details:
            draft = replace(draft, details=draft.details[:-1])
        elif len(draft.key_responsibilities) > FEWEST:
            draft = replace(draft, key_responsibilities=draft.key_responsibilities[:-1])
        elif len(draft.requirements) > FEWEST:
            draft = replace(draft, requirements=draft.requirements[:-1])
        else:
            break
    return draft
