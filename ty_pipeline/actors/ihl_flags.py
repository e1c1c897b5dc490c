"""The signs of a job that is meant for somebody inside: data, English and German.

Belongs here: the red flags, how heavy each is and the words that give it away. Not here: what
speaks against them (``ihl_objections.py``), finding them (``ihl_reading.py``), weighing them
(``ihl.py``).

The scale, the categories and the three roles are those of workflow 3001 (WORKFLOW_3001.md, IHL).
Patterns are written for folded text (``folding.py``): lower case, no commas or hyphens; a space
in them stands for any run of spaces. Every gap in them is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["low", "medium", "high"]


def spaced(pattern: str) -> re.Pattern[str]:
    """A pattern in which a space stands for any run of them and ``\\w+ `` for any word."""
    return re.compile(pattern.replace(r"\w+ )", r"\S+ )").replace(" ", " +"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """One sign; a posting shows it where a trigger stands and the pattern fits around it."""

    code: str  # the name published with the flag
    severity: Severity  # how much it says on its own
    meaning: str  # half a sentence for the reasoning
    triggers: tuple[str, ...]  # folded words, one of which every match holds
    pattern: re.Pattern[str]  # the sign itself; matches no text without a trigger


_NUMBER: Final = (
    r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|zwei|drei|vier|fünf|"
    r"sechs|sieben|acht|neun|zehn)"
)
_INSIDERS: Final = (
    r"(?:current|permanent|internal|existing|present|active|in house|agency|city|civil|staff|"
    r"serving|employed|our own)"
)
_EMPLOYEES: Final = r"(?:employees?|staff|candidates?|applicants?|members?|personnel|incumbents?)"

FLAGS: Final[tuple[Flag, ...]] = (
    Flag(
        code="already_filled",
        severity="high",
        meaning="the posting says that the job is taken",
        triggers=("filled", "formality", "formal", "besetzt", "formsache"),
        pattern=spaced(
            r"(?:position|role|job|vacancy|post) (?:has|have|is) (?:already |been |currently )"
            r"{1,3}filled\b(?! (?:by|on|with))|(?:posted|advertised|published) (?:only |purely |"
            r"merely )?(?:as|for) (?:a |the )?(?:sake of )?formalit|stelle (?:ist|wurde) "
            r"(?:bereits|schon) (?:intern )?besetzt|(?:reine formsache|aus formalen gründen "
            r"ausgeschrieben|rein formal ausgeschrieben)"
        ),
    ),
    Flag(
        code="candidate_identified",
        severity="high",
        meaning="a candidate has been found before the search",
        triggers=(
            "identified", "selected", "preselected", "earmarked", "vorgesehen", "intended for",
            "in mind", "interne bewerbung", "interner bewerb", "interne besetzung", "feststeht",
            "internen bewerb", "steht fest",
        ),
        pattern=spaced(
            r"(?:candidate|applicant|person|employee|individual|incumbent) (?:has|have) (?:already "
            r")?been (?:identified|selected|chosen)(?! (?:to|for) (?:an |the )?interview)|internal "
            r"candidate (?:is |has |in |already |been ){0,4}(?:identified|in mind|preselected|"
            r"selected|preferred)|\bpre ?selected (?:candidate|applicant)|(?:position|role|job) is "
            r"(?:earmarked|intended for (?:an? )?(?:internal|existing|specific))|interner? "
            r"(?:bewerb\w+|kandidat\w*) (?:liegt |ist |bereits |schon |steht ){1,3}(?:vor\b|"
            r"vorgesehen|fest|vorhanden)|interne (?:besetzung|bewerbung) (?:ist |liegt |bereits |"
            r"schon ){1,3}(?:vorgesehen|geplant|vor\b)|kandidat\w* steht (?:bereits |schon )?fest"
        ),
    ),
    Flag(
        code="insiders_only",
        severity="high",
        meaning="only people who already work there may apply",
        triggers=(
            "only open", "open only", "open exclusively", "restricted to", "limited to", "only",
            "must be permanent", "must be a permanent", "must currently be", "must be current",
            "must have permanent", "must hold a permanent", "applicants must be", "be a current",
            "ausschließlich", "nur intern", "nur an", "nur beschäftigte", "intern ausgeschrieben",
            "interne ausschreibung", "interne stellenausschreibung", "currently serving",
        ),
        pattern=spaced(
            r"(?:only open|open only|open exclusively|is restricted|is limited|available only|only "
            rf"available) to (?:\w+ ){{0,4}}{_INSIDERS} (?:\w+ ){{0,3}}{_EMPLOYEES}"
            r"|(?:only open|open only|is limited|is restricted) to (?:\w+ ){0,3}(?:who|that) are "
            r"(?:currently |already )?(?:permanent|serving|employed)|(?:only open|open only) to "
            r"(?:\w+ ){0,3}(?:employees|candidates) currently serving|only (?:\w+ ){0,2}"
            rf"{_INSIDERS} {_EMPLOYEES} (?:\w+ ){{0,3}}(?:may|can|should|will|are eligible)"
            rf"|only {_EMPLOYEES} (?:who are |that are )?(?:currently|already|permanent)"
            r"|(?:internal|current) (?:applicants|candidates|employees) only\b"
            r"|must (?:currently |already )?(?:be|hold|have) (?:an? )?(?:currently )?permanent "
            r"(?:\w+ ){0,3}(?:status|title|employee|in\b|civil)|must be (?:an? )?current (?:\w+ )"
            r"{0,2}employees?|must be permanent\b"
            r"|(?:ausschließlich|nur) (?:an |für |von |durch )?(?:interne\w*|beschäftigte\w*|"
            r"mitarbeit\w+|bedienstete\w*) (?:\w+ ){0,6}(?:bewerb|des hauses|richtet|angesprochen|"
            r"der stadt|des landes|unsere)|(?:richtet sich|wendet sich) (?:ausschließlich|nur) an "
            r"(?:interne|beschäftigte|mitarbeit|bedienstete|unsere)|\bnur interne (?:bewerb|kand)|"
            r"(?:nur|ausschließlich) intern ausgeschrieben|interne stellenausschreibung"
        ),
    ),
    Flag(
        code="insiders_preferred",
        severity="medium",
        meaning="people inside come first",
        triggers=("preference", "internal", "priority", "first consideration", "interne"),
        pattern=spaced(
            r"(?:preference|priority|first consideration) (?:will be |is |shall be |may be )?"
            rf"(?:given )?(?:to|for) (?:\w+ ){{0,2}}(?:internal|current|existing|permanent) "
            rf"(?:\w+ ){{0,2}}{_EMPLOYEES}"
            r"|internal (?:candidates|applicants) (?:will be |are |may be )(?:\w+ )?(?:preferred|"
            r"prioriti[sz]ed|given|considered first|favou?red)"
            r"|interne (?:bewerb\w+|kandidat\w+) (?:werden |haben )(?:\w+ ){0,2}(?:bevorzugt|"
            r"vorrang|vorrangig|zuerst)|vorrangig (?:\w+ ){0,2}(?:intern|beschäftigte)"
        ),
    ),
    Flag(
        code="holder_in_place",
        severity="medium",
        meaning="somebody does the job already",
        triggers=(
            "currently held", "currently filled", "currently occupied", "presently filled",
            "acting basis", "interim basis", "conversion", "convert", "provisional",
            "entfristung", "verstetigung", "kommissarisch", "derzeitige stelleninhaber",
            "bisherige stelleninhaber",
        ),
        pattern=spaced(
            r"(?:position|role|job|post) is (?:currently|presently) (?:held|filled|occupied) (?:by|"
            r"on)|(?:currently|presently) (?:held|filled|performed) on an? (?:acting|interim|"
            r"provisional)|conversion of (?:an? |the )?(?:existing |current )?(?:temporary|"
            r"contract|provisional|fixed term)|convert(?:ing|ed)? (?:an? |the |existing |current )"
            r"{0,2}(?:temporary|contract\w*|provisional) (?:\w+ ){0,4}(?:to|into) (?:a )?permanent|"
            r"to replace (?:\w+ ){0,2}provisional|\bentfristung (?:der|des|eines|einer)|"
            r"\bverstetigung (?:der|des|einer) (?:\w+ )?stelle|(?:derzeit|aktuell|momentan) "
            r"kommissarisch|kommissarisch besetzt|bisherigen? stelleninhaber\w* (?:bewirb|wird)"
        ),
    ),
    Flag(
        code="tenure_in_house",
        severity="medium",
        meaning="years in this very organisation are asked for",
        triggers=(
            "years with", "years in this", "years in our", "years at", "years of service",
            "served in the", "must have served", "jahre in unserem", "jahre im haus",
            "betriebszugehörigkeit", "jahre bei uns", "years within",
        ),
        pattern=spaced(
            rf"{_NUMBER}\+? years (?:\w+ ){{0,3}}(?:with|in|within|at|of service (?:with|in)) "
            r"(?:the|this|our) (?:company|agency|department|organi[sz]ation|firm|division|unit|"
            r"bureau|office|team|title)\b|must have served (?:in|as|at least)|must have (?:\w+ )"
            r"{0,3}years of service|(?:mindestens )?"
            rf"{_NUMBER} jahre (?:\w+ ){{0,2}}(?:in unserem|im haus|bei uns|betriebszugehörigkeit)|"
            r"mehrjährige betriebszugehörigkeit"
        ),
    ),
    Flag(
        code="insider_knowledge",
        severity="medium",
        meaning="knowledge is asked for that only insiders can have",
        triggers=(
            "our internal", "internal systems", "internal processes", "internal procedures",
            "in house systems", "in house software", "in house tools", "proprietary", "our systems",
            "our processes", "our procedures", "agency's", "company's", "department's",
            "unserer internen", "unsere internen", "hauseigene", "hausinterne", "internen abläufe",
            "internen prozesse", "agency policies", "agency procedures", "department policies",
        ),
        pattern=spaced(
            r"(?:experience|knowledge|familiarity|familiar|proficien\w+|understanding|expertise|"
            r"working) (?:with|of|in|using) (?:\w+ ){0,3}(?:our (?:internal )?|internal |in house |"
            r"the agency's |the company's |the department's |agency |department )(?:\w+ ){0,3}"
            r"(?:systems?|software|tools?|process\w*|procedures|polic\w+|databases?|platforms?|"
            r"workflows?|structures?)|(?:kenntnis\w*|erfahrung\w*|vertraut\w*) (?:\w+ ){0,3}"
            r"(?:unserer? internen|hauseigene\w*|hausinterne\w*|internen) (?:\w+ "
            r"){0,2}(?:system\w*|"
            r"prozess\w*|abläufe\w*|abläufen|software|strukturen|verfahren)"
        ),
    ),
    Flag(
        code="insider_channel",
        severity="medium",
        meaning="one applies through a channel for insiders",
        triggers=("intranet", "employee self service", "internal portal", "internal career",
                  "internal job portal", "internes bewerb", "interne stellenbörse"),
        pattern=spaced(
            r"(?:apply|submit|log in|log into|go to|applications?) (?:\w+ ){0,6}(?:intranet|"
            r"employee "
            r"self service|internal (?:career |job )?(?:s )?(?:portal|site|board))|(?:über|via|im) "
            r"(?:das |unser |unserem )?(?:intranet|internes bewerb\w+|interne stellenbörse)"
        ),
    ),
    Flag(
        code="insider_reference",
        severity="medium",
        meaning="a supervisor inside has to agree or recommend",
        triggers=("current supervisor", "immediate supervisor", "department head",
                  "current manager", "annual evaluation", "performance evaluation", "vorgesetzte"),
        pattern=spaced(
            r"(?:recommendation|endorsement|approval|permission|consent|reference) (?:letter )?"
            r"(?:of|from|by) (?:your|their|the|a|his|her)(?: or \w+)? (?:current|present|"
            r"immediate) "
            r"(?:supervisor|manager|department)|(?:rated|rating of) (?:\w+ ){0,4}(?:on|in) "
            r"(?:their|"
            r"your|the) last (?:annual |performance )?(?:performance )?evaluation|(?:zustimmung|"
            r"empfehlung\w*) (?:des|der|ihres|ihrer|deines) (?:derzeitigen |direkten |aktuellen )?"
            r"vorgesetzten"
        ),
    ),
    Flag(
        code="exact_tenure",
        severity="medium",
        meaning="the years asked for are oddly exact",
        triggers=("exactly", "months", "monate", "genau", ".5 years", ".5 jahre", "half years"),
        pattern=spaced(
            rf"exactly {_NUMBER} years|{_NUMBER} years and {_NUMBER} months (?:of )?(?:\w+ ){{0,3}}"
            rf"experience|[0-9]\.5\+? (?:years|jahre)|{_NUMBER} and a half years|genau {_NUMBER} "
            rf"jahre|{_NUMBER} jahre und {_NUMBER} monate"
        ),
    ),
    Flag(
        code="short_window",
        severity="medium",
        meaning="there are only days to apply",
        triggers=("days", "tage", "tagen", "48 hours", "24 hours", "72 hours"),
        pattern=spaced(
            r"(?:appl(?:y|ications?)|posting|posted|advertised|open|closes?|closing|deadline|"
            r"accepted) (?:\w+ ){0,5}(?:in|within|for|only|after) (?:only |just )?(?:[1-5]|one|two|"
            r"three|four|five) (?:business |calendar |working )?days?\b(?! (?:of|a|per|from|after|"
            r"week|prior))|(?:apply|applications?|closes?) (?:\w+ ){0,4}within (?:24|48|72) hours|"
            r"(?:bewerb\w*|bewerbungsfrist|ausschreibung\w*) (?:\w+ ){0,5}(?:innerhalb|binnen|nur|"
            r"von) (?:von |nur )?(?:[1-5]|zwei|drei|vier|fünf|einem) (?:werk|arbeits)?tag"
        ),
    ),
    Flag(
        code="no_vacancy",
        severity="medium",
        meaning="there is no job to be filled now",
        triggers=("talent pool", "talentpool", "pipeline", "evergreen", "future", "künftige",
                  "zukünftige", "not an active", "not an actual", "no current", "no immediate",
                  "aktuell keine", "derzeit keine"),
        pattern=spaced(
            r"(?:this|the) (?:posting|requisition|role|position|advert\w*|job|req) (?:is |serves |"
            r"was )(?:\w+ ){0,6}(?:talent pool|pipeline|evergreen|future (?:openings?|"
            r"opportunit\w+|"
            r"vacanc\w+|roles|needs|hiring))|not an? (?:active|actual|current|open) (?:opening|"
            r"vacancy|role|position|job)|no (?:current|immediate) (?:opening|vacanc|hiring need)|"
            r"(?:diese|die) (?:stelle|ausschreibung) (?:ist |dient )(?:\w+ ){0,5}(?:talentpool|"
            r"künftige|zukünftige)|(?:aktuell|derzeit) keine (?:offene|vakante|freie)"
        ),
    ),
    Flag(
        code="compliance_notice",
        severity="low",
        meaning="the posting says that it has to be published",
        triggers=("comply", "compliance", "accordance", "pursuant", "required to post",
                  "required to advertise", "verpflichtet", "auszuschreiben", "gemäß"),
        pattern=spaced(
            r"(?:(?:job|position|vacancy|role|opening|notice) (?:\w+ ){0,2}(?:posted|advertised|"
            r"published)|(?:this|the) (?:posting|notice|advertisement) is) (?:\w+ ){0,3}(?:to "
            r"comply|in (?:compliance|accordance) with|pursuant|for compliance)|(?:required|"
            r"obliged|obligated) to (?:post|advertise|publish) (?:this|the|all)|(?:stelle|"
            r"ausschreibung) (?:\w+ ){0,4}(?:gesetzlich )?verpflichtet|(?:auszuschreiben|"
            r"ausgeschrieben) gemäß|gemäß (?:\S+ ){0,5}(?:auszuschreiben|ausgeschrieben)"
        ),
    ),
    Flag(
        code="earlier_round",
        severity="low",
        meaning="an earlier round of the same posting still counts",
        triggers=("previous applicants", "previously applied", "prior applicants", "need not apply",
                  "not reapply", "need not reapply", "need to reapply", "erneute bewerbung",
                  "bereits beworben"),
        pattern=spaced(
            r"(?:previous|prior|past) applicants (?:\w+ |# ?[0-9]+ ){0,10}(?:not|need not)|(?:not|"
            r"need not|no need to) (?:need to |have to )?re ?apply|previously applied (?:\w+ ){0,4}"
            r"not|erneute bewerbung (?:ist )?nicht|bereits beworben (?:\w+ ){0,5}nicht"
        ),
    ),
)  # fmt: skip
