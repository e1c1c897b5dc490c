"""Which skill names need more than their letters to be believed: data and the rules beside it.

Belongs here: names that are also everyday words, single letters or people, German word endings
and compounds, and what around a name speaks against it. Not here: the search itself
(``skill_lexicon.py``), nor how important a mention is (``skill_cues.py``).
"""

from __future__ import annotations

import re
from typing import Final, Literal

from ty_pipeline.actors.cues import word_set
from ty_pipeline.actors.folding import Folded
from ty_pipeline.actors.taxonomy import OWN_SOURCE, Kind

# any: in whatever case. exact: spelt as in the list. word: spelt as in the list, and not the first
# word of a sentence. company: like word, and next to a technology or a word such as
# "programming". language: capitalised, on a line that speaks of languages. german: only in German.
NameRule = Literal["any", "exact", "word", "company", "language", "german"]

_RULES: Final[dict[NameRule, str]] = {
    "exact": """
        sas sap ml sea sem pos lan wan cam pr hr ai ki ui mes ros cia cams als bls adr rn mfa pta
        rest soap lean safe sip dora scala lua tcl vite ged gap cms ats doe moodle cka pmp wms tms
        sre dsp fem fea cad scc frm phr sage drg revit qt aem dax crm rpa hmi iam
    """,
    "word": """
        excel spark swift ruby rust dart helm notion slack react flask oracle blender workday
        flutter bootstrap bash maven postman snowflake amadeus groovy sass svelte storybook rails
        acrobat confluence windows ansible cloudflare streaming tableau terraform bloomberg orbis
        looker canva zapier tailwind
    """,
    "company": """
        r c d j go julia chef puppet jest vault zoom spring unity outlook teams access word sketch
        sage electron cypress cucumber apex calypso miro illustrator bamboo make express maya
        galileo sabre shopware perl fortran
    """,
    "german": """
        engagement revision montage disposition promotion controlling humor notar jura auftreten
        organisation kommunikation innendienst techniker prophylaxe statik instrumentation
        präsentation konstruktion mobilisation rehabilitation instandhaltung
    """,
}
_RULE_OF: Final[dict[str, NameRule]] = {
    word: rule for rule, words in _RULES.items() for word in words.split()
}

GERMAN_NOUNS: Final = frozenset(("chef", "teams", "express", "sage"))  # words of every German text

_ENGLISH_ENDING = re.compile(r"(?:'?s|es)(?![^\W_])")
_GERMAN_ENDING = re.compile(r"(?:e[nmrs]?|n|ern|s|es|innen|in)(?![^\W_])")
_GERMAN_COMPOUND = re.compile(
    r"(?:s|n|en)?(?:kenntnis|erfahrung|fähigkeit|kompetenz|entwickl|programmier|administrat|"
    r"umgebung|umfeld|system|expert|spezialist|technolog|wissen|know|praxis|beratung|projekt|"
    r"prozess|bereich|abteilung|werkzeug|tool|anwendung|architekt|landschaft|infrastruktur|"
    r"zertifi|schein|ausbildung|studium|abschluss|aufgabe|tätigkeit|arbeit|team|sprach)\w*"
)

_NOT_AFTER: Final = re.compile(
    r"(?:\b(?:department|dept|bureau|office|division|ministry|board|institute|school|college|"
    r"cent(?:er|re)|commissioner|ministerium|amt|behörde) (?:of|for|für|der|des)"
    r"(?: the| public| social)?|\b(?:class|klasse|category|type|vitamin|hepatitis|tier|grade|"
    r"section|schedule|building|room|floor|appendix|group|step|phase|title|level|part|item))"
    r"[\s(\"“]*$",
    re.IGNORECASE,
)
# The last words that the pattern above can end in: most names follow none of them.
_NOT_AFTER_LAST: Final = word_set(
    """
    of for für der des the public social class klasse category type vitamin hepatitis tier grade
    section schedule building room floor appendix group step phase title level part item
    """
)
_NOT_BEFORE: Final = re.compile(
    r"[\s-]*(?:benefits?|insurance|plans?|coverage|reimbursement|allowance|discounts?|stipend|"
    r"suite (?:executive|level)|[ck]-?suite)\b",
    re.IGNORECASE,
)
_NOT_BEFORE_NAME: Final[dict[str, re.Pattern[str]]] = {
    "c": re.compile(r"[-– ]?(?:level|suite|section|corp)|\.\s?[A-Z]\.", re.IGNORECASE),
    "r": re.compile(r"\s?&|\.\s?[A-Z]|[- ]?value", re.IGNORECASE),
    "d": re.compile(r"[- ]?(?:level|&)", re.IGNORECASE),
    "go": re.compile(r"[- ](?:to|live|above|beyond|getter|the|through|along|ahead|forward)\b"),
    "word": re.compile(r" of\b"),
    "access": re.compile(
        r" (?:to|control|management|rights|for|and inclusion|point)\b", re.IGNORECASE
    ),
    "teams": re.compile(r" (?:of|across|that|who|in|to|within|and|with|are|on|at|is)\b"),
    "express": re.compile(r" (?:an|interest|your|yourself)\b"),
    "spring": re.compile(r" (?:semester|\d{4}|break|term|of)\b"),
    "reporting": re.compile(r" (?:to|line|directly|into)\b"),
    "cloud": re.compile(r" (?:of|over)\b"),
    "construction": re.compile(r" of\b"),
    "accuracy": re.compile(r" of\b"),
    "windows": re.compile(r" of\b"),
    "leadership": re.compile(r" (?:team|in energy)\b"),
    "initiative": re.compile(r"s\b"),
    "flexible": re.compile(
        r" (?:work\w*|hours|hybrid|remote|schedul\w*|time\w*|home|paid|pto|vac)"
    ),
    "flexibility": re.compile(r" to (?:work|choose)\b"),
    "research": re.compile(
        r" (?:group|cent(?:er|re)|institut|department|universit|environment|projects?|team|assist|"
        r"council|communit|infrastruct|unit|area|field|staff|topic|program|fellow|position)"
    ),
    "phd": re.compile(r" (?:student|position|candidate|program|fellow|project|stipend)"),
    "recruitment": re.compile(r" (?:process|procedure|privacy|team|partner|agenc|consult|event)"),
    "recruiting": re.compile(r" (?:process|procedure|privacy|team|partner|agenc|event)"),
    "collaboration": re.compile(r" (?:with the|between)\b"),
    "human resources": re.compile(r" (?:department|manager|director|representative|team)\b"),
    "hr": re.compile(r" (?:department|manager|director|representative|team|partner)\b"),
    "full stack": re.compile(r" (?:developer|engineer|entwickler)\b"),
    "sales": re.compile(r" (?:team|department|office)s?\b"),
    "independently": re.compile(r" (?:owned|run|operated)\b"),
    "respect": re.compile(r" to\b"),
    "http": re.compile(r"s?://"),
    "https": re.compile(r"://"),
    "unity": re.compile(r" of\b"),
}
_GIVEN_NAME: Final = re.compile(r"[A-Z][a-z]+ $")
_WELCOME_BEFORE: Final = re.compile(
    r"(?:\b(?:programming|languages?|programmier\w*|microsoft|ms|written|coding|scripting|"
    r"code|software|develop\w*|entwickl\w*|experience|erfahrung\w*|kenntnisse|knowledge|"
    r"proficien\w+|skills?|expertise|expert|fluent|familiarity|familiar|using|use|umgang)"
    r"(?: (?:such as|like|including|in|with|of|mit|wie|using|on))?"
    r"(?: (?:the|der|e\.g\.|z\.\s?b\.))?)[\s:(\"“]*$",
    re.IGNORECASE,
)
_WELCOME_AFTER: Final = re.compile(
    r"[\s-]*(?:programming|language|developer|entwickl\w*|programmier\w*|engineer|scripts?|"
    r"scripting|framework|code|kenntnisse|studio|macros?)\b",
    re.IGNORECASE,
)
_LISTED_AFTER: Final = re.compile(
    r"[\s\"”)]*(?:$|\n|[,/;|•(&+.]|(?:and|und|or|oder|sowie)\b)", re.IGNORECASE
)
_LANGUAGE_CUE: Final = re.compile(
    r"fluen|language|speak|spoken|written|proficien|skills|kenntnis|fließend|sprach|schrift|"
    r"\b[abc][12]\b|native|mutters|verhandlung|knowledge|bilingual|command|sprichst|sprechen|"
    r"sehr gut|verbal|oral|conversational|mother tongue|niveau",
    re.IGNORECASE,
)


def rule_of(label: str, spelling: str, kind: Kind, source: str) -> NameRule:
    """The rule for a one-word label (lower case) spelt ``spelling`` in the list of ``source``."""
    if (rule := _RULE_OF.get(label)) is not None:
        return rule
    if kind == "language":
        return "language"
    if source == OWN_SOURCE:
        return "any"
    letters = sum(character.isalpha() for character in label)
    if letters <= 2 or (spelling.isupper() and letters <= 4):
        return "company"
    if spelling.isupper() and spelling.isalpha():
        return "exact"
    plain = spelling.isalpha() and (spelling.istitle() or spelling.islower())
    return "company" if plain and (kind == "technology" or spelling.istitle()) else "any"


def word_ending(text: str, position: int, label: str, *, german: bool) -> int | None:
    """Where the word goes on to after a label, for a plural, case or compound; None: other word.

    ``text`` is lower case and has a letter or digit at ``position``, just after the label.
    """
    letters = len(label) - label.rfind(" ") - 1
    if letters < 3:
        return None
    if match := _ENGLISH_ENDING.match(text, position):
        return match.end()
    if not german or letters < 4 - label.isupper():
        return None
    match = _GERMAN_COMPOUND.match(text, position)
    if match is None and letters > 4:
        match = _GERMAN_ENDING.match(text, position)
    return match.end() if match else None


def spoken_against(folded: Folded, start: int, end: int, label: str) -> bool:
    """Whether the words around a name make it part of another name, a benefit or a phrase."""
    text, low = folded.text, folded.folded
    after = _NOT_BEFORE_NAME.get(label)
    if after is not None and after.match(text, start + len(label)):
        return True
    if _NOT_BEFORE.match(text, end):
        return True
    if (
        end - start == 1
        and text[end : end + 1] == "."
        and _GIVEN_NAME.search(text[max(0, start - 20) : start])
    ):
        return True
    *_, last = ("", *low[max(0, start - 12) : start].split())
    if last not in _NOT_AFTER_LAST:
        return False
    return _NOT_AFTER.search(text[max(0, start - 40) : start]) is not None


def welcomed(text: str, start: int, end: int) -> bool:
    """Whether the words beside a doubtful name say that a technology is meant."""
    if _WELCOME_AFTER.match(text, end):
        return True
    return _WELCOME_BEFORE.search(text[max(0, start - 40) : start]) is not None


def listed_alone(text: str, end: int) -> bool:
    """Whether nothing but a separator follows a name, as in a list of names."""
    return _LISTED_AFTER.match(text, end) is not None


def speaks_of_languages(line: str) -> bool:
    """Whether a line is about speaking a language, rather than about a country."""
    return _LANGUAGE_CUE.search(line) is not None
