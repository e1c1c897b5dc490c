"""Answers of the right shape to every model step, the same for the same call.

Belongs here: what a test answers when it does not care what a model says. Not here: how answers are
reported (``ledger_driver``).
"""

from __future__ import annotations

from typing import Any, Literal, assert_never

from ty_pipeline.ledger.work import Call

Verdict = Literal["pass", "fail"]

SKILLS = (
    ("SQL", "essential", 95, "expert", 5),
    ("Python", "critical", 70, "advanced", 3),
    ("German", "bonus", 15, "beginner", None),
)


def canned_answer(step: str, call: Call, verdict: Verdict = "pass") -> tuple[dict[str, Any], str]:
    """Output and branch of an answer to one call of a model step."""
    match step:
        case "extract_summary" | "improve_summary":
            return _summary(call), "*"
        case "grade_a" | "grade_b" | "regrade":
            return _grade(step, verdict), verdict
        case "extract_skills":
            return {"skills": [_skill(*one) for one in SKILLS]}, "*"
        case "ihl_analyst":
            return {"verdict": "GENUINE", "red_flags": [], "reasoning": "nothing was found"}, "*"
        case "ihl_skeptic":
            return {"verdict": "GENUINE", "challenges": [], "reasoning": "nothing to object"}, "*"
        case "ihl_expert":
            return _expert(), "*"
        case _:
            raise AssertionError(f"{step} is answered by no model")


def _summary(call: Call) -> dict[str, Any]:
    return {
        "role": f"{call.input['posting']['title']}, round {call.round}",
        "key_responsibilities": ["Builds what is asked for", "Runs it", "Repairs it"],
        "requirements": ["Knows SQL", "Knows Python", "Reads German"],
        "details": "A fictional job of a test.",
        "evidence": [],
    }


def _grade(step: str, verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case "pass":
            reasons = []
        case "fail":
            reasons = [{"code": "ungrounded", "section": "details", "message": f"{step} saw it"}]
        case _:
            assert_never(verdict)
    return {"verdict": verdict, "score": 90 if verdict == "pass" else 10, "reasons": reasons}


def _skill(
    name: str, importance: str, weight: int, proficiency: str, years: int | None
) -> dict[str, Any]:
    return {
        "name": name,
        "importance": importance,
        "weight": weight,
        "proficiency": proficiency,
        "years_required": years,
        "evidence": f"Knows {name}",
        "start": 0,
        "end": 5,
        "taxonomy_id": None,
    }


def _expert() -> dict[str, Any]:
    return {
        "score": 12,
        "category": "GENUINE",
        "confidence": 0.8,
        "red_flags": [],
        "candidate_pool": "LARGE",
        "recommendation": "APPLY",
        "reasoning": "nothing was found",
    }
