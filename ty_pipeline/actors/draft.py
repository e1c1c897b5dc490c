"""A summary as pieces of posting text with their offsets, and its JSON form.

Belongs here: the value, clipping text at a clause boundary, to and from the writer's output. Not
here: which pieces are chosen (``selection.py``, ``summary.py``, ``improve.py``), nor company,
location and job id, which ``format_summary`` writes from the posting's own row.

The rule by which grounding is proved: a piece's text is ``description[start:end]`` with every run
of whitespace made one space, followed by `` …`` where the sentence goes on after ``end``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from ty_pipeline.actors.posting import Posting, shown_title

SummarySection = Literal["role", "key_responsibilities", "requirements", "details"]
CUT: Final = " …"  # follows a piece whose sentence goes on in the posting

_BOUNDARIES: Final = ("; ", ": ", ", ", " – ", " - ", " (")
_DANGLING: Final = re.compile(
    r"[\s,;:(–-]+(?:(?:and|or|the|of|a|an|to|in|for|with|by|as|at|on|from|und|oder|der|die|das|"
    r"mit|von|für|sowie|in|zur|zum|im)$)?$"
)
_SPLIT: Final = re.compile(r"(?<=[.!?…])\s+|;\s+|\n+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One sentence or list item of a summary."""

    text: str  # as it is shown
    start: int | None = None  # offset in the description; None where it was not found there
    end: int | None = None  # offset after its last character


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A summary in the making."""

    title: str  # the posting's title, opening the role; may be blank
    role: Piece | None = None  # what the job is, in one sentence
    key_responsibilities: tuple[Piece, ...] = ()
    requirements: tuple[Piece, ...] = ()
    details: tuple[Piece, ...] = ()

    def pieces(self) -> Iterable[tuple[SummarySection, Piece]]:
        """Every piece with its section, in the order of the template."""
        if self.role is not None:
            yield "role", self.role
        for piece in self.key_responsibilities:
            yield "key_responsibilities", piece
        for piece in self.requirements:
            yield "requirements", piece
        for piece in self.details:
            yield "details", piece

    def length(self) -> int:
        """Characters of all texts together, the title included."""
        return len(self.title) + sum(len(piece.text) + 2 for _, piece in self.pieces())

    def output(self) -> dict[str, Any]:
        """The writer's answer: role, key_responsibilities, requirements, details, evidence."""
        return {
            "role": role_text(self.title, self.role),
            "key_responsibilities": [piece.text for piece in self.key_responsibilities],
            "requirements": [piece.text for piece in self.requirements],
            "details": joined(piece.text for piece in self.details),
            "evidence": [
                {"section": section, "start": piece.start, "end": piece.end}
                for section, piece in self.pieces()
                if piece.start is not None
            ],
        }


def role_text(title: str, piece: Piece | None) -> str:
    """The role: the title, then a sentence on what the job is."""
    title = " ".join(title.split())
    if piece is None:
        return title
    return f"{title}: {piece.text}" if title else piece.text


def joined(texts: Iterable[str]) -> str:
    """Pieces as running text: a space after a finished sentence, ``; `` after anything else."""
    running = ""
    for text in texts:
        if running:
            running += " " if running.endswith((".", "!", "?", "…")) else "; "
        running += text
    return running


def split_details(details: str) -> tuple[str, ...]:
    """Running text as the sentences and items that ``joined`` may have put together."""
    return tuple(part for part in (cut.strip() for cut in _SPLIT.split(details)) if part)


def clipped(description: str, start: int, end: int, limit: int) -> Piece:
    """The piece between two offsets, cut at a clause boundary where it is longer than ``limit``."""
    text = " ".join(description[start:end].split())
    if len(text) <= limit:
        return Piece(text=text, start=start, end=end)
    window = description[start : start + limit - len(CUT)]
    best = max(window.rfind(mark) for mark in _BOUNDARIES)
    stop = best if best > len(window) // 2 else max(window.rfind(" "), len(window) // 2)
    kept = window[:stop].rstrip()
    while (shorter := _DANGLING.sub("", kept)) != kept:
        kept = shorter
    return Piece(text=" ".join(kept.split()) + CUT, start=start, end=start + len(kept))


def draft_of(posting: Posting, summary: Mapping[str, Any]) -> Draft:
    """A writer's answer as a draft; pieces found verbatim in the description get their offsets."""
    title = shown_title(posting)
    role = str(summary.get("role") or "").strip()
    if role.casefold().startswith(title.casefold()):
        role = role[len(title) :].lstrip(" :.,–-")
    find = _Finder(posting.description, summary.get("evidence") or ())
    return Draft(
        title=title,
        role=find("role", role) if role else None,
        key_responsibilities=tuple(
            find("key_responsibilities", text) for text in summary.get("key_responsibilities") or ()
        ),
        requirements=tuple(
            find("requirements", text) for text in summary.get("requirements") or ()
        ),
        details=find.running(str(summary.get("details") or "")),
    )


class _Finder:
    """Finds texts of a summary in the description, by the evidence given or by looking."""

    def __init__(self, description: str, evidence: Iterable[Mapping[str, Any]]) -> None:
        self.description = description
        self.spans: dict[str, list[tuple[str, int, int]]] = {}
        for item in evidence:
            start, end = int(item["start"]), int(item["end"])
            text = " ".join(description[start:end].split())
            self.spans.setdefault(str(item["section"]), []).append((text, start, end))

    def __call__(self, section: str, text: str) -> Piece:
        bare = text.removesuffix(CUT)
        for found, start, end in self.spans.get(section, ()):
            if found == bare:
                return Piece(text=text, start=start, end=end)
        pattern = r"\s+".join(re.escape(word) for word in bare.split())
        match = re.search(pattern, self.description) if pattern else None
        if match is None:
            return Piece(text=text)
        return Piece(text=text, start=match.start(), end=match.end())

    def running(self, details: str) -> tuple[Piece, ...]:
        """The details piece by piece: as the evidence has them where it gives the same text."""
        spans = self.spans.get("details", ())
        pieces = []
        for text, start, end in spans:
            shown = text + CUT if text + CUT in details else text
            pieces.append(Piece(text=shown, start=start, end=end))
        if joined(piece.text for piece in pieces) == details:
            return tuple(pieces)
        return tuple(self("details", text) for text in split_details(details))
