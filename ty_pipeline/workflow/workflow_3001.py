"""Workflow 3001, the job-processing pipeline, as data.

Ids, order, branches and timeouts are those that operators know (WORKFLOW_3001.md). The improve loop
is unrolled: rounds 1 to 3 of improve_summary and regrade are nodes of their own, so that no
interaction is ever rewritten and "at most three rounds" is a fact of the graph.
"""

from __future__ import annotations

from ty_pipeline.workflow.model import (
    ActorSpec,
    Branch,
    Conversation,
    Input,
    InputSet,
    Node,
    Workflow,
)

ROUNDS = (1, 2, 3)  # improve rounds before a person decides
TICKET_DEADLINE_SECONDS = 7 * 24 * 3600  # shown when overdue, never acted on

_ANY = (Branch(label="*", meaning="goes on"),)
_SAVED = (
    Branch(label="saved", meaning="is published", ends=True),
    Branch(label="failed", meaning="is not published", ends=True),
)
_GRADES = (
    Branch(label="pass", meaning="accepts the summary"),
    Branch(label="fail", meaning="gives reasons"),
)
_SUMMARY_KEYS = ("role", "key_responsibilities", "requirements", "details", "evidence")
_GRADE_KEYS = ("verdict", "score", "reasons")
_SUMMARY_REQUIRED = ("role", "key_responsibilities", "requirements", "details")


def _model(name: str) -> ActorSpec:
    return ActorSpec(actor_type="ai_model", model=name)


def _script(name: str) -> ActorSpec:
    return ActorSpec(actor_type="script", model=name)


def _once(*inputs: Input) -> tuple[Node, ...]:
    return (Node(round=0, input_sets=(InputSet(inputs=inputs),)),)


_POSTING = Input(handle="posting", producer="content", required_keys=("title", "description"))
_IS_VALID = Input(
    handle="validation",
    producer="interaction",
    conversation="validate_description",
    accepts=("valid",),
    is_bound=False,
)


def _from(
    handle: str,
    conversation: str,
    round_: int = 0,
    *,
    accepts: tuple[str, ...] | None = None,
    field: str | None = None,
    required: tuple[str, ...] = (),
    bound: bool = True,
) -> Input:
    return Input(
        handle=handle,
        producer="interaction",
        conversation=conversation,
        round=round_,
        accepts=accepts,
        field=field,
        required_keys=required,
        is_bound=bound,
    )


def _summary_of(round_: int, handle: str = "summary") -> Input:
    writer = "extract_summary" if round_ == 0 else "improve_summary"
    return _from(handle, writer, round_, required=_SUMMARY_REQUIRED[:1])


def _verdicts_of(
    round_: int, *, accepts: tuple[str, ...] | None = None, bound: bool = True
) -> tuple[Input, ...]:
    if round_ == 0:
        return (
            _from("verdict_a", "grade_a", accepts=accepts, bound=bound),
            _from("verdict_b", "grade_b", accepts=accepts, bound=bound),
        )
    return (_from("verdict", "regrade", round_, accepts=accepts, bound=bound),)


def _improve(round_: int) -> Node:
    """Reads the summary and every verdict of the round before; needs at least one fail."""
    before = round_ - 1
    inputs = (_POSTING, _summary_of(before), *_verdicts_of(before, accepts=("fail",)))
    return Node(round=round_, input_sets=(InputSet(inputs=inputs, guard="any"),))


def _regrade(round_: int) -> Node:
    return Node(round=round_, input_sets=(InputSet(inputs=(_POSTING, _summary_of(round_))),))


def _ticket() -> tuple[Node, ...]:
    """Everything that a person needs to decide: the texts of all rounds and all grades."""
    summaries = tuple(_summary_of(r, f"summary_{r}") for r in (0, *ROUNDS))
    grades = tuple(_from(f"verdict_{r}", "regrade", r) for r in ROUNDS[:-1])
    last = _from(f"verdict_{ROUNDS[-1]}", "regrade", ROUNDS[-1], accepts=("fail",))
    return _once(_POSTING, *summaries, *_verdicts_of(0), *grades, last)


def _format() -> tuple[Node, ...]:
    """The accepted summary: of the one round whose verdicts all pass, or the ticket's answer."""
    rounds = tuple(
        InputSet(
            inputs=(_POSTING, _summary_of(r), *_verdicts_of(r, accepts=("pass",), bound=False))
        )
        for r in (0, *ROUNDS)
    )
    answer = _from(
        "summary",
        "create_ticket",
        accepts=("approve", "correct"),
        field="summary",
        required=_SUMMARY_REQUIRED[:1],
    )
    return (Node(round=0, input_sets=(*rounds, InputSet(inputs=(_POSTING, answer)))),)


WORKFLOW_3001 = Workflow(
    workflow_id=3001,
    name="job_processing_pipeline",
    conversations=(
        Conversation(
            conversation_id=9144,
            name="fetch_jobs",
            order=1,
            actor=_script("source_adapter"),
            nodes=_once(Input(handle="feed", producer="trigger")),
            outputs=("pages", "rows", "complete"),
            branches=(
                Branch(label="success", meaning="its rows are staged", ends=True),
                Branch(label="rate_limited", meaning="is tried again later", ends=True),
                Branch(label="failed", meaning="is shown to the operator", ends=True),
                Branch(label="timeout", meaning="is tried again later", ends=True),
            ),
            timeout_seconds=300,
            asset="fetched_jobs",
            produces="content",
        ),
        Conversation(
            conversation_id=9193,
            name="validate_description",
            order=2,
            actor=_script("validate_description"),
            nodes=_once(Input(handle="posting", producer="content")),
            outputs=("characters",),
            branches=(
                Branch(label="valid", meaning="is summarised and scored"),
                Branch(
                    label="no_description",
                    meaning="nothing to work on",
                    posting_status="no_description",
                ),
                Branch(
                    label="too_short", meaning="under 100 characters", posting_status="too_short"
                ),
            ),
            timeout_seconds=30,
            asset="postings",
            script_function="script_validate_description",
        ),
        Conversation(
            conversation_id=3335,
            name="extract_summary",
            order=4,
            actor=_model("extractive-tfidf-1"),
            nodes=_once(_IS_VALID, _POSTING),
            outputs=_SUMMARY_KEYS,
            branches=_ANY,
            timeout_seconds=900,
            asset="extracted_summaries",
        ),
        Conversation(
            conversation_id=3336,
            name="grade_a",
            order=5,
            actor=_model("grounding-rules-1"),
            nodes=_once(_POSTING, _summary_of(0)),
            outputs=_GRADE_KEYS,
            branches=_GRADES,
            timeout_seconds=600,
            asset="graded_summaries",
        ),
        Conversation(
            conversation_id=3337,
            name="grade_b",
            order=6,
            actor=_model("completeness-rules-1"),
            nodes=_once(_POSTING, _summary_of(0)),
            outputs=_GRADE_KEYS,
            branches=_GRADES,
            timeout_seconds=600,
            asset="graded_summaries",
        ),
        Conversation(
            conversation_id=3338,
            name="improve_summary",
            order=7,
            actor=_model("improve-rules-1"),
            nodes=tuple(_improve(r) for r in ROUNDS),
            outputs=_SUMMARY_KEYS,
            branches=_ANY,
            timeout_seconds=900,
            asset="graded_summaries",
        ),
        Conversation(
            conversation_id=3339,
            name="regrade",
            order=8,
            actor=_model("regrade-rules-1"),
            nodes=tuple(_regrade(r) for r in ROUNDS),
            outputs=_GRADE_KEYS,
            branches=_GRADES,
            timeout_seconds=600,
            asset="graded_summaries",
        ),
        Conversation(
            conversation_id=3340,
            name="create_ticket",
            order=9,
            actor=ActorSpec(actor_type="human", model="operator"),
            nodes=_ticket(),
            outputs=("summary", "answered_by"),
            branches=(
                Branch(label="approve", meaning="the best summary is published"),
                Branch(label="correct", meaning="the person's text is published"),
                Branch(label="reject", meaning="nothing is published", posting_status="rejected"),
            ),
            timeout_seconds=TICKET_DEADLINE_SECONDS,
            asset="graded_summaries",
        ),
        Conversation(
            conversation_id=3341,
            name="format_summary",
            order=10,
            actor=_script("format_summary"),
            nodes=_format(),
            outputs=("text", "body"),
            branches=_ANY,
            timeout_seconds=300,
            asset="published_summaries",
            script_function="script_format_summary",
        ),
        Conversation(
            conversation_id=9168,
            name="save_summary",
            order=11,
            actor=_script("save_summary"),
            nodes=_once(_from("formatted", "format_summary", required=("text",))),
            outputs=("text", "body"),
            branches=_SAVED,
            timeout_seconds=30,
            asset="published_summaries",
            produces="summary",
            script_function="script_save_summary",
        ),
        Conversation(
            conversation_id=9121,
            name="extract_skills",
            order=13,
            actor=_model("dictionary-aho-1"),
            nodes=_once(
                _POSTING,
                _from(
                    "saved", "save_summary", accepts=("saved",), field="body", required=("text",)
                ),
            ),
            outputs=("skills",),
            branches=_ANY,
            timeout_seconds=600,
            asset="posting_skills",
        ),
        Conversation(
            conversation_id=9141,
            name="save_skills",
            order=14,
            actor=_script("save_skills"),
            nodes=_once(_from("skills", "extract_skills")),
            outputs=("skills",),
            branches=_SAVED,
            timeout_seconds=30,
            asset="posting_skills",
            produces="skills",
            script_function="script_save_skills",
        ),
        Conversation(
            conversation_id=9161,
            name="ihl_analyst",
            order=20,
            actor=_model("ihl-flags-1"),
            nodes=_once(_IS_VALID, _POSTING),
            outputs=("verdict", "red_flags", "reasoning"),
            branches=_ANY,
            timeout_seconds=900,
            asset="ihl_scores",
        ),
        Conversation(
            conversation_id=9162,
            name="ihl_skeptic",
            order=21,
            actor=_model("ihl-skeptic-1"),
            nodes=_once(_POSTING, _from("analyst", "ihl_analyst", required=("verdict",))),
            outputs=("verdict", "challenges", "reasoning"),
            branches=_ANY,
            timeout_seconds=900,
            asset="ihl_scores",
        ),
        Conversation(
            conversation_id=9163,
            name="ihl_expert",
            order=22,
            actor=_model("ihl-expert-1"),
            nodes=_once(
                _POSTING,
                _from("analyst", "ihl_analyst", required=("verdict",)),
                _from("skeptic", "ihl_skeptic", required=("verdict",)),
            ),
            outputs=(
                "score",
                "category",
                "confidence",
                "red_flags",
                "candidate_pool",
                "recommendation",
                "reasoning",
            ),
            branches=_ANY,
            timeout_seconds=900,
            asset="ihl_scores",
        ),
        Conversation(
            conversation_id=9202,
            name="save_ihl",
            order=23,
            actor=_script("save_ihl"),
            nodes=_once(_from("expert", "ihl_expert", required=("category",))),
            outputs=("score", "category"),
            branches=_SAVED,
            timeout_seconds=30,
            asset="ihl_scores",
            produces="ihl",
            script_function="script_save_ihl",
        ),
    ),
)
