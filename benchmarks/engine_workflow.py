"""The workflow that the engine is measured with, and an actor that answers at once.

Belongs here: sixteen steps in the shape of workflow 3001 and what they answer. Not here: running them
(``engine``).

Why not workflow 3001 itself: a posting that passes every grade visits twelve of its steps, five of them
scripts that the database does in sets, so its figure would be of other, and fewer, things. Here every
step is a call, claimed and recorded on its own, and every posting visits all sixteen. The shape is that
of 3001: two graders whose verdicts are joined by a guard, a branch that reads the description alone,
and steps with one to four inputs (27 edges for 16 interactions; 3001 has 25 for 12).
"""

from __future__ import annotations

import itertools
import os
import random
import string
from collections.abc import Mapping
from typing import Any

from ty_pipeline.actors.answer import Answer
from ty_pipeline.workflow.model import (
    ActorSpec,
    Branch,
    Conversation,
    Input,
    InputSet,
    Node,
    Workflow,
)

STEPS = 16  # calls for one posting
ANSWER_BYTES = 900  # of one answer, as DBOS's steps return
WORKFLOW_ID = 9900

_POSTING = Input(handle="posting", producer="content", required_keys=("title", "description"))
_GOES_ON = (Branch(label="*", meaning="goes on"),)
_SAVED = (Branch(label="saved", meaning="is published", ends=True),)
_GRADES = (
    Branch(label="pass", meaning="accepts"),
    Branch(label="fail", meaning="ends here", ends=True),
)


def _of(step: str, *, accepts: tuple[str, ...] | None = None, bound: bool = True) -> Input:
    return Input(
        handle=step, producer="interaction", conversation=step, accepts=accepts, is_bound=bound
    )


def _passed(step: str) -> Input:
    return _of(step, accepts=("pass",), bound=False)


# Step -> what it reads.
_READS: dict[str, tuple[Input, ...]] = {
    "draft": (_POSTING,),
    "first_grade": (_POSTING, _of("draft")),
    "second_grade": (_POSTING, _of("draft")),
    "layout": (_of("draft"), _passed("first_grade"), _passed("second_grade")),
    "proofread": (_POSTING, _of("layout")),
    "saved": (_of("proofread"),),
    "skills": (_POSTING, _of("saved")),
    "skill_levels": (_of("skills"),),
    "skill_list": (_of("skill_levels"),),
    "flags": (_POSTING,),
    "doubts": (_POSTING, _of("flags")),
    "verdict": (_POSTING, _of("flags"), _of("doubts")),
    "score": (_of("verdict"),),
    "reasons": (_of("score"),),
    "headline": (_of("saved"),),
    "report": (_of("headline"), _of("skill_list"), _of("reasons")),
}


def _conversation(number: int, name: str) -> Conversation:
    is_grade = name.endswith("_grade")
    is_read = any(one.handle == name for reads in _READS.values() for one in reads)
    return Conversation(
        conversation_id=WORKFLOW_ID + number,
        name=name,
        order=number,
        actor=ActorSpec(actor_type="ai_model", model="answers-at-once"),
        nodes=(Node(round=0, input_sets=(InputSet(inputs=_READS[name]),)),),
        outputs=("text",),
        branches=_GRADES if is_grade else _GOES_ON if is_read else _SAVED,
        timeout_seconds=60,
        asset="bench",
        produces="message" if is_read else "summary",
    )


FETCH = Conversation(
    conversation_id=WORKFLOW_ID,
    name="bench_fetch",
    order=0,
    actor=ActorSpec(actor_type="script", model="bench"),
    nodes=(
        Node(round=0, input_sets=(InputSet(inputs=(Input(handle="feed", producer="trigger"),)),)),
    ),
    outputs=("pages",),
    branches=(Branch(label="success", meaning="its rows are staged", ends=True),),
    timeout_seconds=60,
    asset="bench_fetch",
    produces="content",
)

WORKFLOW = Workflow(
    workflow_id=WORKFLOW_ID,
    name="bench",
    conversations=(FETCH, *(_conversation(n, name) for n, name in enumerate(_READS, start=1))),
)


def _words(size: int) -> str:
    """About as compressible as prose: common words come often, rare ones seldom."""
    chance = random.Random(3001)
    known = [
        "".join(chance.choices(string.ascii_lowercase, k=chance.randint(2, 11)))
        for _ in range(2000)
    ]
    weights = [1 / (rank + 1) for rank in range(len(known))]
    return " ".join(chance.choices(known, weights, k=size // 6))


class AnswersAtOnce:
    """Answers every call at once, no two alike: equal answers would make equal inputs, and be reused."""

    def __init__(self, branch: str) -> None:
        self._branch = branch
        self._numbers = itertools.count()

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        return Answer(output={"text": prose(os.getpid(), next(self._numbers))}, branch=self._branch)


def prose(*numbers: int, size: int = ANSWER_BYTES) -> str:
    """Text of ``size`` characters that compresses as prose does; others for other numbers."""
    head = " ".join(str(n) for n in numbers)
    start = sum(numbers) * 37 % (len(_PROSE) - size)
    return f"{head} {_PROSE[start : start + size - len(head) - 1]}"


_PROSE = _words(40_000)


def build(conversation: str, *_: object) -> AnswersAtOnce:
    """The actor of a step."""
    match conversation:
        case "first_grade" | "second_grade":
            return AnswersAtOnce("pass")
        case "report":
            return AnswersAtOnce("saved")
        case _:
            return AnswersAtOnce("*")
