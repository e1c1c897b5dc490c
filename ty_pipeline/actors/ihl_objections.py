"""What can be said against a red flag: the skeptic's data, English and German.

Belongs here: objections, the flags that each answers and the words that must stand in the posting
for it. Not here: the flags (``ihl_flags.py``), how an objection is raised (``ihl.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ty_pipeline.actors.ihl_flags import spaced


@dataclass(frozen=True, kw_only=True, slots=True)
class Objection:
    """What can be said against flags of certain codes."""

    codes: tuple[str, ...]  # the flags that it answers
    argument: str  # the sentence that the skeptic gives
    pattern: re.Pattern[str] | None  # words that must stand in the posting; None: always holds
    triggers: tuple[str, ...] = ()  # folded words, one of which every match holds
    near: bool = False  # they must stand within NEAR characters of the flag's quote
    in_title: bool = False  # they must stand in the title instead


NEAR: Final = 220  # characters around a flag's quote in which an objection counts as near

_REGULATED: Final = spaced(
    r"\b(?:licen[cs]e|registered nurse|physician|attorney|professional engineer|pilot|"
    r"civil service|"
    r"baccalaureate|accredited college|tvöd|tv l\b|besoldung|approbation|examen|entgeltgruppe|"
    r"collective (?:bargaining )?agreement|pay grade|assignment level|tarifvertrag)"
)
_REGULATED_WORDS: Final = (
    "license", "licence", "registered nurse", "physician", "attorney", "professional engineer",
    "pilot", "civil service", "baccalaureate", "accredited college", "tvöd", "tv l", "besoldung",
    "approbation", "examen", "entgeltgruppe", "collective agreement", "collective bargaining",
    "pay grade", "assignment level", "tarifvertrag",
)  # fmt: skip

OBJECTIONS: Final[tuple[Objection, ...]] = (
    Objection(
        codes=("exact_tenure", "tenure_in_house"),
        argument="Exact terms of service are how regulated professions and public pay scales "
        "describe a grade; they are set for the title, not for a person.",
        triggers=_REGULATED_WORDS,
        pattern=_REGULATED,
    ),
    Objection(
        codes=("insiders_only",),
        argument="The posting also names a way in for people from outside.",
        triggers=("external", "open to the public", "reachable", "open competitive", "extern",
                  "non city employee", "proof of filing", "taken the exam", "filed for",
                  "civil service list", "eligible list", "on the current", "take the exam",
                  "comparable title"),
        pattern=spaced(
            r"external (?:applicants?|candidates?)|open to the public|reachable on|or be reachable|"
            r"open competitive|extern(?:e|er|en) (?:bewerb|interess|kand)|non city employees?|"
            r"proof of "
            r"(?:\w+ )?(?:filing|registration)|(?:filed for|taken|take|passed) the (?:\w+ ){0,4}"
            r"exam|on (?:the|a|an) (?:\w+ ){0,5}(?:civil service|eligible) list"
        ),
    ),
    Objection(
        codes=("insider_channel",),
        argument="People from outside are told how to apply too.",
        triggers=("external", "www.", "http", "by email", "by e mail", "per e mail", "cover letter",
                  "resume", "lebenslauf", "karriere", "jobs."),
        pattern=spaced(
            r"external (?:applicants?|candidates?|job seekers)|www\.\w|https? |by e ?mail|email "
            r"(?:your|a) |per e mail|cover letter|\bresumes?\b|lebenslauf|karriereseite|jobs\.\w"
        ),
    ),
    Objection(
        codes=("insider_knowledge",),
        argument="It is only preferred, will be taught, or something comparable counts as well.",
        triggers=("similar", "comparable", "equivalent", "training", "preferred", "a plus",
                  "desirable", "desired", "einarbeitung", "vergleichbar", "vorteil", "ability to",
                  "learn", "willing", "develop", "helpful"),
        pattern=spaced(
            r"or (?:\w+ )?(?:similar|comparable|equivalent)|training (?:is |will be )?provided|"
            r"\bpreferred|\ba plus|desirable|\bdesired|einarbeitung|vergleichbar|von vorteil|"
            r"ability "
            r"to (?:\w+ )?(?:learn|gain|acquire|develop)|willing\w* to learn|\bhelpful"
        ),
        near=True,
    ),
    Objection(
        codes=("insider_reference",),
        argument="It is asked of insiders who apply, and not of the others.",
        triggers=("internal candidates", "internal applicants", "current employees", "interne"),
        pattern=spaced(
            r"internal (?:candidates|applicants)|current (?:\w+ )?employees|interne bew"
        ),
        near=True,
    ),
    Objection(
        codes=("insiders_preferred",),
        argument="The preference decides between equals only, or is the law for public employers.",
        triggers=("gleicher eignung", "equally", "equal qualification", "civil service", "union",
                  "collective"),
        pattern=spaced(
            r"gleicher (?:eignung|qualifikation)|equally qualified|equal qualification|civil "
            r"service|"
            r"\bunion\b|collective (?:bargaining|agreement)"
        ),
    ),
    Objection(
        codes=("holder_in_place",),
        argument="Civil service and labour law make an employer advertise such a job in earnest: "
        "a list or an exam decides, not the present holder.",
        triggers=("civil service", "exam no", "exam ", "list is established", "personalrat"),
        pattern=spaced(r"civil service|\bexam (?:no\b|# ?[0-9])|list is established|personalrat"),
    ),
    Objection(
        codes=("short_window",),
        argument="The posting stays open until the job is filled.",
        triggers=("until filled", "rolling", "until the position", "bis zur besetzung", "extended"),
        pattern=spaced(
            r"until (?:the position is )?filled|rolling basis|until the position|bis zur besetzung|"
            r"(?:period|deadline) extended"
        ),
    ),
    Objection(
        codes=("no_vacancy",),
        argument="A start date or a number of jobs is given, so that somebody will be hired.",
        triggers=("start date", "vacancies", "positions available", "number of positions",
                  "eintritt", "ab sofort"),
        pattern=spaced(
            r"start date|[0-9]+ (?:vacancies|positions)|positions available|eintrittstermin|"
            r"ab sofort"
        ),
    ),
    Objection(
        codes=("odd_combination",),
        argument="Senior and specialised jobs do ask for such a combination.",
        pattern=spaced(
            r"\b(?:senior|sr|lead|principal|head|director|chief|manager|expert|specialist|"
            r"architect|"
            r"counsel|attorney|physician|engineer|professor|leiter|leitung|experte|referent|arzt)"
        ),
        in_title=True,
    ),
    Objection(
        codes=("junior_with_years",),
        argument="Education counts for years of experience here.",
        triggers=("equivalent", "combination", "substitut", "gleichwertig"),
        pattern=spaced(
            r"or equivalent|equivalent combination|combination of|substitut|gleichwertig"
        ),
    ),
    Objection(
        codes=("compliance_notice",),
        argument="Public bodies and employers with agreements have to advertise every job; the "
        "notice says nothing about who is hired.",
        pattern=None,
    ),
    Objection(
        codes=("earlier_round",),
        argument="It spares applicants work: a repeated posting shows that nobody was found.",
        pattern=None,
    ),
    Objection(
        codes=("thin_posting",),
        argument="Short adverts are common with small employers and agencies.",
        pattern=None,
    ),
)  # fmt: skip
