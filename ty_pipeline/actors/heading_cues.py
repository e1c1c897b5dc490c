"""The words by which headings of a posting are known, in English and German: data only.

Belongs here: what a heading may say and which part it then opens. Not here: what a heading looks
like (``headings.py``), nor the words inside sentences (``cues.py``).
"""

from __future__ import annotations

import re
from typing import Final

from ty_pipeline.actors.cues import Section, word_set


def _any_of(table: str) -> re.Pattern[str]:
    """A pattern that finds any phrase of a table, as whole words; ``;`` and line ends part them."""
    phrases = [phrase.strip() for phrase in re.split(r"[;\n]", table)]
    return re.compile(rf"\b(?:{'|'.join(phrase for phrase in phrases if phrase)})\b")


# Tried in this order on a line that looks like a heading; the first that is found names the part.
HEADINGS: Final[tuple[tuple[Section, re.Pattern[str]], ...]] = (
    (
        "notice",
        _any_of(r"""
            to apply; apply (?:at|now|here|by|today|via); application (?:process|procedure)
            application instructions?; equal (?:employment |pay )?opportunit\w+; eeo; privacy
            accommodations?; disclaimer; (?:recruitment|recruiting|hiring|interview) process
            recruitment fraud; hiring team; how we hire; hiring and how; fraudulent; itar
            export control; diversity; inclusion; belonging; contact; residency; data processing
            find jobs; logistics; internal employees; stay alert
            kontakt\w*; bewerb\w*; bewirb\w*; ansprechpartner\w*; datenschutz\w*; impressum
            chancengleichheit; vielfalt; hinweise?
        """),
    ),
    (
        "requirements",
        _any_of(r"""
            what we expect; criteria; (?:things )?we(?:'re| are)? look(?:ing)? for
            what you(?:'ll| will)? (?:need|bring|have|should have|must have); what makes you
            what skills; what it takes; who you are; about you; you(?:'ll)? (?:have|bring|are)
            you may be a good fit; you (?:should apply|might|must); who we(?:'re| are) looking for
            your (?:profile|background|skills?|experience|qualifications?|strengths)
            (?:candidate|applicant) profile; (?:ideal|strong|successful|preferred) candidates?
            ideally; requirements?; require[sd]?; qualifications?; qual; qualified; must[- ]haves?
            nice[- ]to[- ]haves?; bonus (?:points|skills|if); preferred; desired; desirable
            competenc(?:y|ies); skills?; experience; education; knowledge; we'd love to see
            certifications?; prerequisites?
            profil\w*; anforderung\w*; voraussetzung\w*; qualifikation\w*; mitbring\w*; bringst
            bringen sie; überzeug\w+; kenntnisse; zeichnet; über dich; du (?:hast|bist|kannst)
            sie (?:haben|sind); wen wir (?:suchen|uns); wir (?:suchen|erwarten|wünschen)
            erfahrung\w*; erforderlich; zertifizierung\w*; fähigkeiten; was du können
        """),
    ),
    (
        "offer",
        _any_of(r"""
            benefits?; perks?; terms; conditions; working (?:for|with) us; working here
            we(?:'re| are)? offer(?:ing|s)?; offers you; what's in it; what you(?:'ll| will)? get
            compensation; salary; salaries; pay; wages?; rewards?; remuneration
            why (?:join|work|you(?:'ll)?); wellbeing; well-being; time off; insurance
            (?:work(?:ing)? )?(?:hours|schedule); shift; travel
            bieten; bietet; angebot; vorteile; leistungen; vergütung; gehalt; freuen
            (?:erwartet|bekommst) (?:dich|du|sie) bei; das bekommst; dafür bekommst; konditionen
            warum (?:wir|zu uns|du|sie)
        """),
    ),
    (
        "tasks",
        _any_of(r"""
            responsibilit(?:y|ies); responsible; duties; duty; tasks?; what the role looks
            what you(?:'ll| will)? (?:do|be doing|own|work on|deliver|learn)
            will (?:you|i) (?:do|be doing); will you be doing; you(?:'ll| will); impact you
            your (?:mission|role|impact|job|day|tasks); typical day; day[- ]to[- ]day; a day
            job functions?; scope; success measures; functions; assignments?; candidate will
            aufgabe\w*; tätigkeit\w*; (?:dich|sie) erwartet; erwartet (?:dich|sie); das machst
            du machst; was du lernst; (?:deine|ihre) (?:rolle|mission); gemeinsam vorhaben
            verantwortung\w*; einsatzgebiet
        """),
    ),
    (
        "overview",
        _any_of(r"""
            (?:about|an overview of) (?:the|this) (?:role|job|position|team|opportunity)
            (?:the|this) (?:role|job|position|opportunity|post); summary; description; overview
            (?:role|position|job|general) statement; purpose
            darum geht; stelle; stellenbeschreibung; die rolle; kurzbeschreibung
        """),
    ),
    (
        "about",
        _any_of(r"""
            about; who we are; why; our (?:story|mission|company|team|values|culture|commitment)
            the team; company; organi[sz]ation; how we(?:'re)? (?:work|different); life at
            culture; what makes; background; agency; division
            über; wer wir sind; wir über uns; unternehmen; unsere?
        """),
    ),
)

# A short line of nothing but these words is a heading even without a colon or capitals.
HEADING_WORDS: Final[frozenset[str]] = word_set("""
    1 2 3 4 5 a abilities ability about accommodations additional agency all along also an and
    anforderung anforderungen angebot annual applicant application apply are as at aufgabe
    aufgaben aufgabengebiet aus background base basic be bei bekommst belonging below benefits
    bewerbung bieten bietet bist bonus bring bringst but candidate candidates certifications
    commitment company compensation competencies competency conditions consist consists criteria
    culture dafür darauf darum das day dein deine deinem deinen deliver dem den der description
    desirable desired dich die different dir disclaimer diversity do doing du duties education
    ein eine einen employment equal equity erwartet es essential euer excited expect experience
    expertise fachliche following for freuen from function functions für geht gemeinsam general
    get good growth haben happy have help here hinweise hire hiring hours how i ideal ideally if
    ihr ihre ihren im impact important in include includes including inclusion information
    interview is it it's job join kannst kenntnisse key knowledge konditionen kontakt können
    learn leistungen lernst like likely limited ll look looking looks love machen machst main
    major make makes may minimum mission mit mitbringen mitbringst must need needed nice not
    note notes notice of offer offering opportunities opportunity or other our out over overview
    pay perks persönlich persönliche plus points position post posts practice preferred primary
    privacy process profil profile purpose qual qualification qualifications qualifikation
    qualifikationen qualifikationsprofil range required requirement requirements
    responsibilities responsibility rewards role rolle salaries salary schedule section sein
    shift should sich sie sind skills sollten solltest sonstiges special specific stelle stellen
    story strongly success successful suchen summary support take tasks team technical terms
    that the things this tier time to total transparency typical tätigkeit tätigkeiten uns unser
    unsere unseren unternehmen us values verantwortung voraussetzungen vorhaben vorstellen
    vorteile warum was we we'd we're well wen wer what what's who why wichtig wie will wir
    wissen with womit worauf work working wünschen you you'd you'll your yourself zeichnet zone
    zones zu zum zur über überzeugen überzeugst
""")
NAMED_HEADING: Final = re.compile(
    r"^(?:about|why|life at|how we|what makes|über|warum)\b|^the \w+ experience$"
)
# "Responsibilities The Product Manager will ...": a heading that lost its line break.
GLUED_HEADING: Final = re.compile(
    r"(?:(?:Key|Main|Primary|Essential|General|Typical|Specific|Job|JOB|Minimum|Preferred|Basic|"
    r"Required|Position|POSITION|Role|Desired|Qual|Qualification|QUALIFICATION|Skills?|MINIMUM) "
    r"){0,2}(?:Responsibilities|RESPONSIBILITIES|Duties|DUTIES|Tasks|Requirements?|REQUIREMENTS?|"
    r"Qualifications|QUALIFICATIONS|Competencies|Skills|Summary|SUMMARY|Description|DESCRIPTION|"
    r"Overview|Aufgaben|Anforderungen|Profil)(?= (?:[A-Z][a-z]|A |[-•*]))"
)
