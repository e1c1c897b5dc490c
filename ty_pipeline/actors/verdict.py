"""A grader's verdict: a score with the reasons for every point it lacks.

Belongs here: the value and its JSON form. Not here: the rubrics (``grounding.py``,
``completeness.py``), nor the actors that apply them (``grades.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ty_pipeline.actors.draft import SummarySection


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One fault that a grader found."""

    code: str  # what kind of fault, stable: ``improve.py`` acts on it
    section: SummarySection | None  # where; None where it concerns the whole summary
    message: str  # one sentence for a person, without posting text
    cost: int  # points it takes from 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Grade:
    """What one rubric says of one summary."""

    reasons: tuple[Reason, ...]  # in the order of the rubric; empty where nothing is wrong
    threshold: int  # the least score that passes

    @property
    def score(self) -> int:
        """100 less the cost of every reason, never below 0."""
        return max(0, 100 - sum(reason.cost for reason in self.reasons))

    @property
    def passed(self) -> bool:
        """Whether the score reaches the threshold."""
        return self.score >= self.threshold

    def output(self) -> dict[str, Any]:
        """The grader's answer: verdict, score, reasons."""
        return verdict_output(passed=self.passed, score=self.score, reasons=self.reasons)


def verdict_output(*, passed: bool, score: int, reasons: Iterable[Reason]) -> dict[str, Any]:
    """A grader's answer in the shape that every grading conversation shares."""
    return {
        "verdict": "pass" if passed else "fail",
        "score": score,
        "reasons": [
            {"code": reason.code, "section": reason.section, "message": reason.message}
            for reason in reasons
        ],
    }
