"""The words by which a posting says how much it wants a skill: data, English and German.

Belongs here: cue words for importance and proficiency, number words, kinds of headings. Not here:
how they are weighed for one mention (``skill_context.py``), nor the headings of postings in
general (``cues.py``).

The bands of weights are those of workflow 3001 (WORKFLOW_3001.md, Skills).
"""

from __future__ import annotations

import re
from typing import Final, Literal

from ty_pipeline.actors.cues import Section

Importance = Literal["essential", "critical", "important", "preferred", "bonus"]
Proficiency = Literal["expert", "advanced", "intermediate", "beginner"]
Place = Literal["must", "wanted", "wish", "duty", "aside", "open"]

BANDS: Final[dict[Importance, tuple[int, int]]] = {
    "essential": (90, 100),
    "critical": (65, 89),
    "important": (35, 64),
    "preferred": (10, 34),
    "bonus": (10, 34),
}
# Where a skill starts in its band, before the place, the title and repeats move it.
START: Final[dict[Importance, int]] = {
    "essential": 92,
    "critical": 72,
    "important": 47,
    "preferred": 24,
    "bonus": 12,
}
BY_PLACE: Final[dict[Place, Importance]] = {
    "must": "essential",
    "wanted": "critical",
    "wish": "preferred",
    "duty": "important",
    "aside": "bonus",
    "open": "important",
}
BY_SECTION: Final[dict[Section, Place]] = {
    "requirements": "wanted",
    "tasks": "duty",
    "offer": "aside",
    "about": "aside",
    "notice": "aside",
    "overview": "open",
    "unknown": "open",
}

WISH_HEADING: Final = re.compile(
    r"nice|preferred|bonus|a plus|desir|optional|ideally|idealerweise|von vorteil|wünschenswert|"
    r"pluspunkt|advantage|stand out|we'd love"
)
MUST_HEADING: Final = re.compile(
    r"must|minimum|required|mandatory|zwingend|mindest|unbedingt|voraussetzung"
)
SKILL_LIST: Final = re.compile(
    r"\W*(?:(?:(?:key|core|technical|required|main|desired|it|tech|programming|hard|soft|our|"
    r"fachliche|technische|unser|preferred|your) ?-?){0,2}(?:skills?|skillset|stack|techstack|"
    r"technolog(?:y|ies|ien)|tools?|kenntnisse|fähigkeiten|languages|frameworks?|tags|keywords|"
    r"schlagworte|competencies|kompetenzen|software)(?:(?: and| und| &|,|/) ?"
    r"(?:tools?|technologies|technologien|skills|competencies|kompetenzen|frameworks?))?)\s*"
    r"(?:\([^()\n]{0,30}\)\s*)?(?P<colon>:|$)",
    re.IGNORECASE,
)

# "asked": the sentence asks for it without saying how much; "neutral" hides a cue that it contains.
CueValue = Literal[
    "essential", "preferred", "bonus", "asked", "neutral",
    "expert", "advanced", "intermediate", "beginner",
    "years",
]  # fmt: skip

# A star ends a stem; a cue without one is a whole word. Longer cues win over those inside them.
_CUES: Final[dict[CueValue, str]] = {
    "essential": """
        required|requires|must|must have|must be|mandatory|essential|indispensable|necessary|
        prerequisite*|minimum|is a must|non negotiable|need to have|needed|
        zwingend*|unbedingt*|erforderlich*|voraussetzung*|vorausgesetzt*|setzen wir voraus|muss|
        müssen|notwendig*|unabdingbar*|unerlässlich*|mindestens erforderlich|verpflichtend*
    """,
    "preferred": """
        preferred|preferably|prefer|nice to have|nice to haves|ideally|desired|desirable|a plus|
        big plus|huge plus|strong plus|definite plus|great plus|advantage|advantageous|beneficial|
        an asset|is an asset|are an asset|would be great|helpful|good to have|not required|
        not mandatory|not essential|not a must|not necessary|is optional|highly regarded|welcome|
        idealerweise|wünschenswert*|von vorteil|vorteilhaft*|gerne|optimalerweise|ein plus|
        hilfreich*|im idealfall|kein muss|nicht zwingend*|nicht erforderlich*|wäre schön|
        nicht unbedingt*|gern gesehen|vorzugsweise|nicht notwendig*
    """,
    "bonus": """
        bonus|bonus points|extra credit|extra points|pluspunkt*|brownie points|icing on the cake|
        rundet dein profil ab|runden*
    """,
    "asked": """
        experience|experienced|knowledge|knowledgeable|proficien*|familiar*|ability|
        able|skills|skill|skilled|understanding|fluent|fluency|expertise|background|demonstrated|
        proven|strong|excellent|solid|competenc*|qualification*|degree|certification*|certified|
        hands on|command|track record|looking for|you have|you are|you bring|
        erfahrung*|berufserfahrung|kenntnis*|studium|ausbildung|verständnis|fähigkeit*|verfügst|
        verfügen|bringst|mitbringen|beherrsch*|vertraut|sicherer umgang|sicher im umgang|fundiert*|
        fließend*|affinität|know how|qualifikation*|du hast|du bist|sie haben|sie sind|
        praxis|freude an|leidenschaft|sprichst|suchen wir|wir suchen
    """,
    "neutral": """
        essential duties|essential functions|essential responsibilities|essential job|
        minimum of|required to|preferred name|as required|as needed|if needed|needed to|
        years ago|as necessary|if necessary|where necessary|when necessary|bonus scheme|bonuses|
        must haves|must complete|must submit|must apply|must reside|must be submitted|
        required by law|no experience required|welcome to|you are welcome
    """,
    "expert": """
        expert|experts|expertise|expert level|mastery|master level|deep|in depth|profound|
        world class|exceptional|outstanding|native|native speaker|mother tongue|verhandlungssicher*|
        muttersprach*|tiefgehend*|tiefgreifend*|tiefes|tiefe|ausgewiesen*|exzellent*|c2|
        hervorragend*|vertieft*|expertenwissen|expertenkenntnis*
    """,
    "advanced": """
        strong|advanced|proficien*|proven|solid|extensive|excellent|fluent|fluency|
        fluently|thorough|significant|substantial|demonstrated|comprehensive|very good|highly|
        superior|sound|considerable|track record|business fluent|full professional|
        sehr gut*|fundiert*|ausgeprägt*|fließend*|umfassend*|umfangreich*|mehrjährig*|langjährig*|
        gründlich*|c1|versiert*|stark*|hohe*|einschlägig*|verhandlungsfähig*|
        in wort und schrift|solid*|nachgewiesen*|breit*
    """,
    "intermediate": """
        good|working knowledge|experience|knowledge|understanding|practical|competent|comfortable|
        conversational|intermediate|skilled|b1|b2|some years|
        gut|gute|guter|gutes|guten|kenntnisse in|erfahrung*|verständnis|praxiserfahrung|praktische*|
        sicher*|vertraut|routiniert*
    """,
    "beginner": """
        basic|basics|beginner|familiar*|exposure|some|awareness|entry level|elementary|
        fundamental knowledge|willingness to learn|interest in|eager to learn|introductory|
        basic knowledge|basic understanding|first experience|initial experience|a1|a2|
        grundkenntnis*|grundlegend*|grundlagen|erste|ersten|erstes|basiskenntnis*|basiswissen|
        grundverständnis|interesse an|lernbereit*|einfache*
    """,
    "years": "years|year|yrs|yr|jahre|jahren|jahr|years'|year's",
}
IMPORTANCE_CUES: Final[frozenset[CueValue]] = frozenset(
    ("essential", "preferred", "bonus", "asked", "neutral")
)
LEVEL_OF: Final[dict[CueValue, Proficiency]] = {
    "expert": "expert",
    "advanced": "advanced",
    "intermediate": "intermediate",
    "beginner": "beginner",
}

NUMBER_WORDS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "one ein einem einer eine", "two zwei", "three drei", "four vier", "five fünf",
            "six sechs", "seven sieben", "eight acht", "nine neun", "ten zehn",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
# What is counted in years of school or degree, not of use.
WITHOUT_YEARS: Final = frozenset(
    f"ty:{name}"
    for name in (
        "bachelors-degree", "masters-degree", "doctorate", "mba", "university-degree",
        "vocational-training", "high-school-diploma",
    )
)  # fmt: skip


def cue_patterns() -> dict[str, list[CueValue]]:
    """Every cue as it stands in a folded text, with a space before and, if whole, after it."""
    patterns: dict[str, list[CueValue]] = {}
    for value, words in _CUES.items():
        for cue in (word.strip() for word in words.split("|")):
            whole = not cue.endswith("*")
            pattern = f" {cue.rstrip('*')}{' ' if whole else ''}"
            patterns.setdefault(pattern, []).append(value)
    return patterns
