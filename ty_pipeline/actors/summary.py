"""The offline writer: a summary in the fixed template, made of the posting's own sentences.

Belongs here: how much of what the template gets. Not here: reading the posting (``sections.py``),
ranking sentences (``selection.py``), mending a graded summary (``improve.py``).

It is a heuristic and says so in its model name. Nothing it writes but the title is not a verbatim
stretch of the description, so grounding can be proved from the offsets in ``evidence``; text in a
posting that gives orders to a machine is never taken, and none is ever followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.draft import Draft, Piece, clipped
from ty_pipeline.actors.posting import Posting, posting_of, shown_title
from ty_pipeline.actors.sections import Sentence
from ty_pipeline.actors.selection import Selection

BULLETS: Final = 5  # per list; the template asks for 3 to 5 (WORKFLOW_3001, "Summary template")
BULLET_LENGTH: Final = 240  # characters; ten of them leave room for the rest within 3.5 kB
ROLE_LENGTH: Final = 300  # characters of the sentence after the title
DETAIL_LENGTH: Final = 220  # characters of one sentence of the details
DETAILS: Final = 4  # sentences of the offer


class ExtractiveWriter:
    """Answers ``extract_summary`` from the input ``posting``."""

    model = "extractive-tfidf-1"

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Summarise; raises PermanentActorError where the posting is missing or blank."""
        return Answer(output=write_summary(posting_of(inputs)))


def write_summary(posting: Posting) -> dict[str, Any]:
    """The summary of a posting, the same for the same posting: see the module's text."""
    selection = Selection(posting)
    role = selection.take_role()
    tasks = selection.take("tasks", BULLETS)
    requirements = selection.take("requirements", BULLETS)
    details = selection.take("offer", DETAILS)
    draft = Draft(
        title=shown_title(posting),
        role=piece_of(posting, role, ROLE_LENGTH) if role else None,
        key_responsibilities=pieces_of(posting, tasks, BULLET_LENGTH),
        requirements=pieces_of(posting, requirements, BULLET_LENGTH),
        details=pieces_of(posting, details, DETAIL_LENGTH),
    )
    return with_fuller_details(posting, draft, selection).output()


def with_fuller_details(posting: Posting, draft: Draft, selection: Selection) -> Draft:
    """The draft with more sentences in its details until it is as long as it should be."""
    wanted = shortest(posting)
    details = draft.details
    while len(details) < 2 or draft.length() < wanted:
        more = selection.take("offer", 1) or selection.take_rest(1)
        if not more or len(details) > 7:
            break
        details += pieces_of(posting, more, DETAIL_LENGTH)
        draft = Draft(
            title=draft.title,
            role=draft.role,
            key_responsibilities=draft.key_responsibilities,
            requirements=draft.requirements,
            details=details,
        )
    return draft


def shortest(posting: Posting) -> int:
    """Characters that a summary should have at least: a quarter of the description, 1 kB at most.

    WORKFLOW_3001: descriptions of 1.5 to 15 kB give summaries of 1 to 3.5 kB.
    """
    return min(1000, len(posting.description) // 4)


def piece_of(posting: Posting, sentence: Sentence, limit: int) -> Piece:
    """A sentence as a piece of a summary, clipped to ``limit`` characters."""
    return clipped(posting.description, sentence.start, sentence.end, limit)


def pieces_of(posting: Posting, sentences: list[Sentence], limit: int) -> tuple[Piece, ...]:
    """Sentences as pieces of a summary, each clipped to ``limit`` characters."""
    return tuple(piece_of(posting, sentence, limit) for sentence in sentences)
