"""Says how likely a job is meant for somebody inside: the three offline IHL roles.

Belongs here: the analyst, the skeptic and the expert, and how the expert weighs. Not here: the
flags (``ihl_flags.py``), the objections (``ihl_objections.py``), finding flags
(``ihl_reading.py``), chat models.

All three are rules and say so in their model names. They can only see what a posting says; most
postings show no sign and are called genuine, with low scores. The skeptic and the expert also take
the answers of chat models, whose flags they do not know by name.

Scale and categories: workflow 3001 (WORKFLOW_3001.md, IHL).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.folding import fold
from ty_pipeline.actors.ihl_flags import Severity
from ty_pipeline.actors.ihl_objections import NEAR, OBJECTIONS, Objection
from ty_pipeline.actors.ihl_reading import RULES, red_flags
from ty_pipeline.actors.posting import Posting, object_of, posting_of

Category = Literal["GENUINE", "BORDERLINE", "COMPLIANCE_THEATER", "FAKE"]
Pool = Literal["LARGE", "MEDIUM", "SMALL", "TINY"]

_PRIOR: Final = 0.05  # the likelihood of a posting without any sign
_SAYS: Final[dict[Severity, float]] = {"high": 0.7, "medium": 0.25, "low": 0.08}
_CHALLENGED: Final = 0.3  # of its weight that a flag keeps once the skeptic has answered it
_DECIDED: Final = "already_filled"  # the flag that alone makes a posting FAKE
_CLOSED: Final = frozenset(("insiders_only", "candidate_identified", _DECIDED))
_BANDS: Final[tuple[tuple[int, Category], ...]] = (
    (39, "GENUINE"),
    (69, "BORDERLINE"),
    (99, "COMPLIANCE_THEATER"),
    (100, "FAKE"),
)
_ADVICE: Final[dict[Category, str]] = {
    "GENUINE": "APPLY",
    "BORDERLINE": "CAUTION",
    "COMPLIANCE_THEATER": "SKIP",
    "FAKE": "SKIP",
}
_HURDLES: Final = (
    "license", "licence", "clearance", "ph.d", "phd", "doctorate", "state bar", "board certified",
    "approbation", "staatsexamen", "verhandlungssicher", "bilingual", "civil service exam",
    "security clearance", "must reside", "sicherheitsüberprüfung", "promotion in",
)  # fmt: skip
_MANY_YEARS = re.compile(r"(?<![\d.])(?:[89]|1\d|2\d)\+? +(?:years|jahre)")


@dataclass(frozen=True, kw_only=True, slots=True)
class _GivenFlag:
    """A red flag as an analyst gave it, whichever analyst that was."""

    code: str  # its name
    severity: Severity  # medium where the analyst gave none that we know
    quote: str  # may be blank
    raw: Mapping[str, Any]  # as given


class IhlAnalyst:
    """Answers ``ihl_analyst``: harsh, names every sign, each with its quote."""

    model = "ihl-flags-1"

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Read ``posting``. Raises PermanentActorError where it is missing."""
        flags = red_flags(posting_of(inputs))
        severities = [flag.severity for flag in flags]
        if "high" in severities:
            verdict = "PRE_WIRED"
        elif "medium" in severities or len(flags) > 1:
            verdict = "SUSPICIOUS"
        else:
            verdict = "GENUINE"
        named = "; ".join(f"{flag.code} ({flag.severity}): {flag.meaning}" for flag in flags)
        reasoning = (
            f"{len(flags)} of {RULES} signs found. {named}."
            if flags
            else f"None of {RULES} signs found: nothing in the text points to somebody inside. "
            "That is no proof that nobody is meant."
        )
        output = {
            "verdict": verdict,
            "red_flags": [flag.as_output() for flag in flags],
            "reasoning": reasoning,
        }
        return Answer(output=output)


class IhlSkeptic:
    """Answers ``ihl_skeptic``: looks for what speaks against each flag of the analyst.

    GENUINE: there is nothing to answer, or nothing but faint signs, all answered. WEAK_CASE: every
    flag is answered. PLAUSIBLE: at least one flag stands.
    """

    model = "ihl-skeptic-1"

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Read ``posting`` and ``analyst``. Raises PermanentActorError where one is missing."""
        posting, flags = posting_of(inputs), _given_flags(object_of(inputs, "analyst"))
        low = fold(posting.description).folded
        challenges = [
            challenge for flag in flags if (challenge := _challenge(flag, posting, low)) is not None
        ]
        standing = len(flags) - len(challenges)
        if standing:
            verdict = "PLAUSIBLE"
        else:
            faint = all(flag.severity == "low" for flag in flags)
            verdict = "GENUINE" if faint else "WEAK_CASE"
        reasoning = (
            f"{len(challenges)} of {len(flags)} flags can be answered from the posting; "
            f"{standing} stand."
            if flags
            else "The analyst raised no flag, so that there is nothing to answer."
        )
        output = {"verdict": verdict, "challenges": challenges, "reasoning": reasoning}
        return Answer(output=output)


class IhlExpert:
    """Answers ``ihl_expert``: one score from what the analyst found and the skeptic answered.

    Flags add up as independent signs do: 100 × (1 − 0.95 × Π(1 − weight)), a flag that was
    answered keeping 0.3 of its weight. 100 itself is kept for a posting that says it is filled.
    """

    model = "ihl-expert-1"

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        """Read ``posting``, ``analyst`` and ``skeptic``.

        Raises PermanentActorError where one is missing.
        """
        posting = posting_of(inputs)
        flags = _given_flags(object_of(inputs, "analyst"))
        skeptic = object_of(inputs, "skeptic")
        answered = _challenged_codes(skeptic)
        score = _score(flags, answered)
        category = next(category for limit, category in _BANDS if score <= limit)
        standing = [flag for flag in flags if flag.code not in answered]
        output = {
            "score": score,
            "category": category,
            "confidence": _confidence(posting, flags, standing, skeptic),
            "red_flags": [_weighed(flag, flag.code in answered) for flag in flags],
            "candidate_pool": _pool(posting, standing),
            "recommendation": _ADVICE[category],
            "reasoning": _summing_up(score, category, flags, standing),
        }
        return Answer(output=output)


def _given_flags(analyst: Mapping[str, Any]) -> list[_GivenFlag]:
    given = analyst.get("red_flags")
    flags = given if isinstance(given, Sequence) and not isinstance(given, str) else ()
    return [_given_flag(flag) for flag in flags if isinstance(flag, Mapping)]


def _given_flag(flag: Mapping[str, Any]) -> _GivenFlag:
    severity: Severity = next((known for known in _SAYS if known == flag.get("severity")), "medium")
    return _GivenFlag(
        code=str(flag.get("flag") or "unnamed"),
        severity=severity,
        quote=str(flag.get("quote") or ""),
        raw=flag,
    )


def _challenge(flag: _GivenFlag, posting: Posting, low: str) -> dict[str, Any] | None:
    """What speaks against a flag, with the words that show it; None where nothing does."""
    at = posting.description.find(flag.quote) if flag.quote.strip() else -1
    if at < 0:
        argument = "The words that the flag rests on do not stand in the posting."
        shown = flag.quote if flag.quote.strip() else posting.title
        return {"flag": flag.code, "argument": argument, "quote": shown}
    for objection in OBJECTIONS:
        if flag.code in objection.codes:
            quote = _grounds(objection, flag, at, posting, low)
            if quote is not None:
                return {"flag": flag.code, "argument": objection.argument, "quote": quote}
    return None


def _grounds(
    objection: Objection, flag: _GivenFlag, at: int, posting: Posting, low: str
) -> str | None:
    """The words that an objection rests on; None where the posting has none."""
    if objection.pattern is None:
        return flag.quote
    if objection.in_title:
        match = objection.pattern.search(fold(posting.title).folded)
        return posting.title if match else None
    if objection.near:
        first, last = max(0, at - NEAR), at + len(flag.quote) + NEAR
    else:
        first, last = 0, len(low)
    if not any(low.find(word, first, last) >= 0 for word in objection.triggers):
        return None
    match = objection.pattern.search(low, first, last)
    if match is None:
        return None
    return posting.description[max(0, match.start() - 1) : match.end() - 1].strip() or flag.quote


def _challenged_codes(skeptic: Mapping[str, Any]) -> frozenset[str]:
    given = skeptic.get("challenges")
    items = given if isinstance(given, Sequence) and not isinstance(given, str) else ()
    return frozenset(str(item.get("flag")) for item in items if isinstance(item, Mapping))


def _score(flags: Sequence[_GivenFlag], answered: frozenset[str]) -> int:
    if any(flag.code == _DECIDED and flag.code not in answered for flag in flags):
        return 100
    doubt = 1 - _PRIOR
    for flag in flags:
        weight = _SAYS[flag.severity] * (_CHALLENGED if flag.code in answered else 1)
        doubt *= 1 - weight
    return min(99, round(100 * (1 - doubt)))


def _weighed(flag: _GivenFlag, answered: bool) -> dict[str, Any]:
    """The analyst's flag; one that was answered is kept, as a faint one."""
    severity = "low" if answered else flag.severity
    offsets = {name: flag.raw.get(name) for name in ("start", "end")}
    return {"flag": flag.code, "quote": flag.quote, "severity": severity, **offsets}


def _confidence(
    posting: Posting,
    flags: Sequence[_GivenFlag],
    standing: Sequence[_GivenFlag],
    skeptic: Mapping[str, Any],
) -> float:
    """More with text to judge by and roles that agree; never much, for it is a heuristic."""
    confidence = 0.6
    confidence += 0.1 if len(posting.description) > 1_500 else 0.0
    confidence -= 0.2 if len(posting.description) < 400 else 0.0
    if not flags or len(standing) == len(flags):
        confidence += 0.1
    elif standing:
        confidence -= 0.1
    if skeptic.get("verdict") == "PLAUSIBLE" and any(flag.severity == "high" for flag in standing):
        confidence += 0.1
    return round(confidence, 2)


def _pool(posting: Posting, standing: Sequence[_GivenFlag]) -> Pool:
    """How many people outside could get the job: by closed doors, then by counted hurdles."""
    if any(flag.code in _CLOSED for flag in standing):
        return "TINY"
    low = posting.description.lower()
    hurdles = sum(word in low for word in _HURDLES) + (_MANY_YEARS.search(low) is not None)
    hurdles += sum(flag.severity != "low" for flag in standing)
    if hurdles >= 3:
        return "SMALL"
    return "MEDIUM" if hurdles else "LARGE"


def _summing_up(
    score: int, category: Category, flags: Sequence[_GivenFlag], standing: Sequence[_GivenFlag]
) -> str:
    if not flags:
        return (
            f"Score {score}, {category}: the analyst found no sign in the text. A posting can be "
            "meant for somebody inside without saying so; this score cannot see that."
        )
    stand = ", ".join(f"{flag.code} ({flag.severity})" for flag in standing) or "none"
    answered = len(flags) - len(standing)
    return (
        f"Score {score}, {category}: {len(flags)} flags raised, {answered} answered by the "
        f"skeptic; standing: {stand}. Weights are fixed rules, not learnt from outcomes."
    )
