"""The offline graders: rubric A, rubric B, and both on an improved summary.

Belongs here: the actors. Not here: the rubrics (``grounding.py``, ``completeness.py``), nor who
calls which when (the workflow's declaration).

They are rules and say so in their model names. A and B share no fault they look for: A asks
whether what is there is true, B whether all is there that should be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.completeness import grade_completeness
from ty_pipeline.actors.grounding import grade_grounding
from ty_pipeline.actors.posting import object_of, posting_of
from ty_pipeline.actors.verdict import verdict_output


class GroundingGrader:
    """Answers ``grade_a`` from the inputs ``posting`` and ``summary``."""

    model = "grounding-rules-1"

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Grade for grounding; raises PermanentActorError where an input is missing or blank."""
        return _answer(grade_grounding(posting_of(inputs), object_of(inputs, "summary")).output())


class CompletenessGrader:
    """Answers ``grade_b`` from the inputs ``posting`` and ``summary``."""

    model = "completeness-rules-1"

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Grade for completeness; raises PermanentActorError where an input is missing or blank."""
        summary = object_of(inputs, "summary")
        return _answer(grade_completeness(posting_of(inputs), summary).output())


class RegradeGrader:
    """Answers ``regrade``: an improved summary passes only where both rubrics pass it."""

    model = "regrade-rules-1"

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Grade by both rubrics: the lower score, the reasons of both.

        Raises PermanentActorError where an input is missing or blank.
        """
        posting, summary = posting_of(inputs), object_of(inputs, "summary")
        grades = grade_grounding(posting, summary), grade_completeness(posting, summary)
        return _answer(
            verdict_output(
                passed=all(grade.passed for grade in grades),
                score=min(grade.score for grade in grades),
                reasons=(reason for grade in grades for reason in grade.reasons),
            )
        )


def _answer(output: dict[str, Any]) -> Answer:
    return Answer(output=output, branch=output["verdict"])
