"""The shape of every answer, checked before it is recorded, whoever gave it.

Belongs here: one model per conversation with the rules that belong to its shape, and making text
safe for PostgreSQL. Not here: whether an answer is any good (``grounding.py``,
``completeness.py``), nor what is done about one that does not fit (``engine``).

A list of bullets may be empty and the details blank: a writer who finds no requirements must be
able to say so, and the graders to fail it; only what is there must not be blank. Offsets may be
left out by a writer that cannot count characters. Keys that are not declared are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import model_validator as whole_model
from pydantic_core import PydanticCustomError

from ty_pipeline.actors.draft import SummarySection
from ty_pipeline.actors.skill_cues import BANDS
from ty_pipeline.errors import PermanentActorError

LONGEST_TEXT: Final = 20_000  # characters of one text; a summary has 3,500
_LAST_OFFSET: Final = 2_147_483_647  # PostgreSQL's integer

# Category -> the scores it stands for; WORKFLOW_3001, "IHL".
CATEGORIES: Final[Mapping[str, tuple[int, int]]] = {
    "GENUINE": (0, 39),
    "BORDERLINE": (40, 69),
    "COMPLIANCE_THEATER": (70, 99),
    "FAKE": (100, 100),
}

Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Filled = Annotated[Text, StringConstraints(pattern=r"\S")]
Line = Annotated[str, StringConstraints(pattern=r"\S", max_length=400)]
Offset = Annotated[int, Field(ge=0, le=_LAST_OFFSET)]
Percent = Annotated[int, Field(ge=0, le=100)]
Severity = Literal["low", "medium", "high"]


class _Shape(BaseModel):
    """Types are taken as they are: the text ``"90"`` is no number."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Span(_Shape):
    """A stretch of the description; both ends or neither."""

    start: Offset | None = None
    end: Offset | None = None

    @whole_model(mode="after")
    def _in_order(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise _broken("must have both start and end, or neither")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise _broken(f"must end after its start, not at {self.end} from {self.start}")
        return self


class Evidence(_Span):
    """Where in the description a section's text stands."""

    section: SummarySection
    start: Offset
    end: Offset


class Summary(_Shape):
    """Answer of ``extract_summary`` and ``improve_summary``."""

    role: Filled
    key_responsibilities: Annotated[list[Filled], Field(max_length=20)]
    requirements: Annotated[list[Filled], Field(max_length=20)]
    details: Text
    evidence: list[Evidence]


class GradeReason(_Shape):
    """One fault that a grader names."""

    code: Line
    section: SummarySection | None
    message: Filled


class Verdict(_Shape):
    """Answer of ``grade_a``, ``grade_b`` and ``regrade``."""

    verdict: Literal["pass", "fail"]
    score: Percent
    reasons: list[GradeReason]

    @whole_model(mode="after")
    def _says_why(self) -> Self:
        if self.verdict == "fail" and not self.reasons:
            raise _broken("must give a reason for its verdict fail", "reasons")
        return self


class Skill(_Span):
    """One skill that a posting asks for."""

    name: Line
    importance: Literal["essential", "critical", "important", "preferred", "bonus"]
    weight: Annotated[int, Field(ge=10, le=100)]
    proficiency: Literal["expert", "advanced", "intermediate", "beginner"]
    years_required: Annotated[int, Field(ge=0, le=60)] | None
    evidence: Filled
    taxonomy_id: Line | None

    @whole_model(mode="after")
    def _in_band(self) -> Self:
        low, high = BANDS[self.importance]
        if not low <= self.weight <= high:
            raise _broken(f"must be {low} to {high} for {self.importance} skills", "weight")
        return self


class Skills(_Shape):
    """Answer of ``extract_skills``."""

    skills: list[Skill]


class RedFlag(_Span):
    """One sign that a job is meant for somebody inside."""

    flag: Line
    quote: Filled
    severity: Severity


class Analysis(_Shape):
    """Answer of ``ihl_analyst``."""

    verdict: Literal["GENUINE", "SUSPICIOUS", "PRE_WIRED"]
    red_flags: list[RedFlag]
    reasoning: Filled

    @whole_model(mode="after")
    def _shows_why(self) -> Self:
        if self.verdict != "GENUINE" and not self.red_flags:
            raise _broken(f"must hold a flag for the verdict {self.verdict}", "red_flags")
        return self


class Challenge(_Shape):
    """What speaks against one flag."""

    flag: Line
    argument: Filled
    quote: Filled


class Challenges(_Shape):
    """Answer of ``ihl_skeptic``."""

    verdict: Literal["GENUINE", "PLAUSIBLE", "WEAK_CASE"]
    challenges: list[Challenge]
    reasoning: Filled


class Likelihood(_Shape):
    """Answer of ``ihl_expert``."""

    score: Percent
    category: Literal["GENUINE", "BORDERLINE", "COMPLIANCE_THEATER", "FAKE"]
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    red_flags: list[RedFlag]
    candidate_pool: Literal["LARGE", "MEDIUM", "SMALL", "TINY"]
    recommendation: Literal["APPLY", "CAUTION", "SKIP"]
    reasoning: Filled

    @whole_model(mode="after")
    def _in_band(self) -> Self:
        low, high = CATEGORIES[self.category]
        if not low <= self.score <= high:
            stands_for = f"{low} to {high}" if low < high else f"{low}"
            raise _broken(f"must be {stands_for} for {self.category}", "score")
        return self


SHAPES: Final[Mapping[str, type[BaseModel]]] = {
    "extract_summary": Summary,
    "improve_summary": Summary,
    "grade_a": Verdict,
    "grade_b": Verdict,
    "regrade": Verdict,
    "extract_skills": Skills,
    "ihl_analyst": Analysis,
    "ihl_skeptic": Challenges,
    "ihl_expert": Likelihood,
}


def validate_output(conversation_name: str, output: Mapping[str, Any]) -> dict[str, Any]:
    """An answer in the shape of its conversation, its texts safe for PostgreSQL.

    A conversation without a declared shape may answer any JSON object.

    Raises:
        PermanentActorError: the answer does not fit (``error_class`` schema); the sentence names
            the first field that is wrong and holds no text of the answer.
    """
    if not isinstance(output, Mapping):
        raise _refused(conversation_name, f"it must be an object, not {type(output).__name__}")
    safe = _safe(output)
    shape = SHAPES.get(conversation_name)
    if shape is None:
        return dict(safe)
    try:
        return shape.model_validate(safe).model_dump()
    except ValidationError as error:
        raise _refused(conversation_name, _first_fault(error)) from None


def _first_fault(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False, include_context=True)
    first = faults[0]
    path = [str(part) for part in first["loc"]]
    if field := (first.get("ctx") or {}).get("field"):
        path.append(str(field))
    kind, message = first["type"], first["msg"]
    if kind == "missing":
        message = "is missing"
    elif kind == "string_pattern_mismatch":
        message = "must not be blank"
    else:
        message = message.replace("Input should", "must")
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{'.'.join(path) or 'it'} {message[:1].lower()}{message[1:]}{more}"


def _broken(message: str, field: str = "") -> PydanticCustomError:
    return PydanticCustomError("inconsistent", message, {"field": field})


def _refused(conversation_name: str, fault: str) -> PermanentActorError:
    message = f"The answer of {conversation_name} does not have its shape: {fault}."
    return PermanentActorError(message, error_class="schema")


def _safe(value: Any) -> Any:
    """A JSON value whose texts PostgreSQL can store: without NUL and lone surrogates."""
    if isinstance(value, str):
        return _safe_text(value)
    if isinstance(value, Mapping):
        return {_safe(key): _safe(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_safe(item) for item in value]
    return value


def _safe_text(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "ignore").decode()
    return text
