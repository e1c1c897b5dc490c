"""The words by which a posting's parts are told apart, in English and German: data only.

Belongs here: what a word is, cue words with their weights, stop words, abbreviations,
job verbs. Not here: headings (``heading_cues.py``), how cues are applied (``sections.py``).

The weights were set by reading the public NYC postings and recent technology adverts; 2 and more
marks a word that seldom stands in any other part, 1 and less one that only adds to others.
"""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

Section = Literal["overview", "tasks", "requirements", "offer", "about", "notice", "unknown"]
SECTIONS: Final[tuple[Section, ...]] = get_args(Section)

_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+")


def words_of(text: str) -> tuple[str, ...]:
    """The lower-case words and numbers of ``text``; ``'`` and ``-`` may join letters."""
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


def word_set(table: str) -> frozenset[str]:
    """The words of a table, between spaces."""
    return frozenset(table.split())


def _weights(table: str) -> dict[str, float]:
    """``word weight`` pairs; ``_`` joins the two words of a pair that must stand side by side."""
    cells = table.split()
    return {
        word.replace("_", " "): float(weight)
        for word, weight in zip(cells[::2], cells[1::2], strict=True)
    }


CUES: Final[dict[Section, dict[str, float]]] = {
    "tasks": _weights("""
        tasked_with 2.5 this_includes 2 assignments_include 2.5 duties_include 3 work_includes 2.5
        you_would 2.5 will 0.5 you'll 2 responsible 2 responsible_for 1.5 responsibilities 1
        responsibility 1 duties 1.5 tasks 1 you_will 2 candidate_will 2 serve_as 1.5 as_needed 1
        as_assigned 2 related_duties 3 special_projects 1.5 reports_to 0.5 reporting_to 0.5
        liaison 1 oversight 0.5 oversees 2 oversee 1 supervises 2 incumbent_will 2 manager_will 2
        director_will 2 analyst_will 2 zuständig 2 verantwortlich 2 verantwortest 3 verantworten 2
        übernimmst 3 übernehmen 2 entwickelst 3 entwickeln 1.5 unterstützt 2 unterstützen 1.5
        betreust 3 betreuen 2 planst 3 steuerst 3 berätst 3 beraten 1.5 erstellst 3 erstellen 1.5
        analysierst 3 führst 2 koordinierst 3 koordinieren 2 gestaltest 3 gestalten 1 arbeitest 1
        leitest 3 implementierst 3 konzipierst 3 optimierst 3 bearbeitest 3 bearbeiten 2 pflegst 3
        überwachst 3 organisierst 3 begleitest 2 definierst 3 testest 3 baust 2 sorgst 2
        stellst_sicher 3 mitarbeit 2 weiterentwicklung 1 sicherstellung 2 erstellung 1.5
        durchführung 1.5 planung 1 betreuung 1.5 umsetzung 1 aufgaben 1 sicherst 2
    """),
    "requirements": _weights("""
        experience 2 experienced 1 degree 3 bachelor 3 bachelor's 3 bachelors 3 baccalaureate 4
        master's 2.5 masters 2 doctorate 3 phd 2 diploma 3 knowledge 2 knowledgeable 2
        proficiency 3 proficient 3 familiarity 3 familiar 2 ability 2.5 able 1 skills 2 skill 1
        must 1.5 required 1.5 requirement 1 requirements 0.5 qualification 1.5 qualifications 2
        license 2 licence 2 licensed 1.5 certification 2 certifications 2 certified 1.5
        certificate 1.5 understanding 1.5 fluent 3 fluency 3 years 0.5 preferred 2 desirable 2
        desired 1.5 plus 1 excellent 1 strong 1.5 demonstrated 1.5 proven 1.5 expertise 1.5
        background 1 graduation 2 accredited 3 education 1 track_record 3 hands-on 1 eligible 1
        clearance 1.5 citizen 1.5 willingness 2 willing 1.5 matriculation 3 matriculated 3
        somebody_who 2.5 someone_who 2.5 comfortable 1.5 passion 1 self-motivated 2 motivated 1
        must_have 3 must_be 2 ideal_candidate 2 candidate_should 2.5 should_have 3 should_possess 4
        must_possess 4 you_have 2 you_bring 2 you're_a 1 years_of 1 a_plus 3 team_player 2
        detail-oriented 2 attention_to 1.5 ged 3 gpa 3 bar 0.5 highly_desirable 3 permanent_in 2
        incumbent 0.5 enrolled 2 civil_service 0.5 driver's_license 3 semester 1.5
        candidates_must 2.5 candidate_must 2.5 communicator 1.5 problem-solving 1.5 bilingual 2
        at_least 0.5 written_and 1 verbal 1 interpersonal 1.5 organizational_skills 2 mindset 2
        seeking_a 0.5 possess 2 competency 1.5 substituted 2 equivalent 1.5 credits 1 erfahrung 2.5
        erfahrungen 2.5 berufserfahrung 4 kenntnisse 3 studium 3 abgeschlossenes 3 abgeschlossene 2
        ausbildung 2.5 verständnis 2 fähigkeit 2 verfügst 2 verfügen 2 bringst 1.5 bringen 1
        beherrschst 2 beherrschen 2 idealerweise 2 teamfähigkeit 2 du_hast 2 du_bist 2 sie_haben 2
        sie_sind 1.5 kommunikationsstark 2 fließend 2 fließende 2 fließendes 2 vorteil 1
        von_vorteil 3 wünschenswert 2 vertraut 2 qualifikation 2 führerschein 3 zertifizierung 2
        zertifizierungen 2 bereitschaft 2 reisebereitschaft 3 arbeitsweise 2 denkweise 2
        interesse 1 eigeninitiative 1.5 know-how 1 versiert 2 jemanden_mit 2.5 jemanden_der 2.5
        sollten 1 sicherer_umgang 3 umgang_mit 1.5 auftreten 1.5 fundierte 1.5 mehrjährige 2.5
        affinität 2 begeisterung 1 organisationstalent 2 zuverlässigkeit 1.5 leidenschaft 1
        wort_und 2 schrift 1.5 belastbarkeit 2 flexibilität 1 staatsangehörigkeit 2
    """),
    "offer": _weights("""
        salary 4 salaries 3 benefits 3 insurance 3 401k 4 401 3 pension 3 vacation 3 holidays 2
        holiday 1.5 pto 3 equity 1.5 bonus 2 bonuses 2 compensation 2 remote 1 hybrid 1.5
        flexible 1.5 hours 1 shift 2 shifts 2 schedule 0.5 paid 2 parental 3 dental 3 medical 0.5
        wellness 2 perks 3 stipend 3 reimbursement 2 discount 2 discounts 2 forgiveness 2
        loan_forgiveness 2 temporary 1.5 permanent 1 relocation 2 sponsorship 2 retirement 2
        per_year 1.5 per_hour 3 hourly 2 annually 1.5 full-time 0.5 part-time 2 we_offer 3
        offers_a 1 time_off 3 pay_range 4 base_pay 3 pay 1 weekends 1.5 evenings 1.5 overtime 1.5
        monday 1.5 friday 1 a.m 1 p.m 1 35_hours 3 40_hours 3 per_week 2 usd 2 eur 2 cad 2
        stock 1.5 commuter 3 gym 3 allowance 2 childcare 2 tuition 2 home_office 2 work_from 1.5
        term 0.5 grant-funded 2 funded 1 euro 2 zahlen 1.5 zuschlag 1 gehalt 3 jahresgehalt 4
        brutto 2 vergütung 3 urlaub 3 urlaubstage 4 homeoffice 3 home-office 3 mobiles_arbeiten 3
        altersvorsorge 4 jobrad 4 weiterbildung 2 weiterbildungen 2 weiterbildungsmöglichkeiten 3
        weiterbildungsangebote 3 unbefristet 3 unbefristete 3 unbefristeter 3 unbefristeten 3
        befristet 3 teilzeit 2 vollzeit 1.5 arbeitszeiten 3 arbeitszeitmodelle 3 gleitzeit 3
        zuschuss 3 zuschüsse 3 vorteile 1.5 obst 2 kantine 3 betriebliche 2 tarifvertrag 3 tvöd 3
        wir_bieten 3 bieten_wir 3 mitarbeiterrabatte 3 rabatte 2 deutschlandticket 4 parkplätze 2
        teamevents 2 firmenevents 3 einarbeitung 2 kita 2 jobticket 3 vermögenswirksame 3 30_tage 3
        onboarding 1 sonderzahlungen 3 weihnachtsgeld 4
    """),
    "about": _weights("""
        founded 3 headquartered 3 worldwide 1.5 customers 0.5 industry 0.5 company 1 mission 1
        we_are 1.5 we're 1 our 0.5 leading 1 largest 1 the_largest 1.5 is_responsible 1
        new_yorkers 2 millions 1.5 billion 1.5 global 0.5 agency's 1 founded_in 2 employees 0.5
        is_the 1 is_an 0.5 we_believe 2.5 our_mission 2 our_customers 1.5 join_us 1.5 culture 1
        the_department 1 department_of 0.5 the_city's 0.5 city_of 0.5 is_committed 1 dedicated_to 1
        the_mayor's 0.5 mayor's_office 0.5 strives 1.5 provides 0.5 nation's 1 residents 0.5
        gegründet 3 unternehmen 1.5 marktführer 3 standorten 1 standorte 1 mitarbeitende 1
        mitarbeitenden 1 mitarbeiter 0.5 wir_sind 2 kunden 0.5 weltweit 1.5 unsere_mission 2
        seit 1 familienunternehmen 3 hauptsitz 3 führender 2 führendes 2 führende 1
    """),
    "notice": _weights("""
        equal_opportunity 5 equal_employment 5 apply 1.5 applying 1.5 applicants 1.5 applicant 1
        application 1.5 applications 2 regardless 1.5 regardless_of 2 without_regard 5
        accommodation 2 accommodations 2 resume 3 résumé 3 cover_letter 5 veterans 2 veteran 1.5
        disability 2 disabilities 1.5 race 2 gender 1.5 religion 3 religious 2 orientation 2
        ethnicity 2 click 3 this_posting 2 read_this 3 privacy_notice 4 privacy_policy 4
        interview 1 interviewed 2 interviews 1 are_subject 1.5 subject_to 1 omb 2 job_id 5
        search_for 2 visit 2 www 2 http 2 https 2 e-mail 1.5 email 1 55-a 5 residency 3
        phone_calls 4 faxes 3 considered_for 1 will_be 0.3 contacted 2 posting 1.5 harassment 2
        discrimination 2 discriminate 3 please 1 submit 1 submission 3 voluntary 2 referral 1
        protected 1 e-verify 4 background_check 3 itar 3 fraud 1 scam 3 recruiters 1.5
        fair_chance 4 ordinance 3 arrest 2 conviction 3 diverse 1 diversity 2 inclusion 1.5
        vacancy_notices 4 until_filled 4 qualified_applicants 2 export-controlled 3 belonging 1.5
        backgrounds 1 prior_to 0.3 probationary 1 oversight_approval 4 notice 1.5 note 0.5
        we_encourage 2 encouraged_to 2 proof_of 1.5 must_reside 3 city_residency 4 inclusive 1
        linkedin 2 arbeitnow 5 find_more 2 location 1 standort 1.5 reference_number 4 job_number 4
        alles_weitere 3 persönlichen_gespräch 2 bewirb 4 bewerben 3 bewerbung 3 bewerbungen 3
        bewerbungsunterlagen 5 lebenslauf 4
        ansprechpartner 4 ansprechpartnerin 4 geschlecht 2 behinderung 2.5 herkunft 2
        schwerbehinderte 4 schwerbehinderung 4 freuen_uns 3 kontaktieren 2 telefon 2 kennziffer 4
        referenznummer 4 datenschutz 2 unterlagen 2 anschreiben 2 eintrittstermin 2 rückfragen 3
        gehaltsvorstellung 2 stellenangebote 2 nationalität 2 weltanschauung 3 gleichermaßen 1
    """),
}

# Words that open a duty: base form; the third person and the gerund are added below.
_VERBS: Final = """
    accept accomplish achieve act adapt address adjust administer advance advise advocate aid align
    allocate analyze analyse answer apply appraise approve arrange assemble assess assign assist
    assume assure attend audit author choose decide drive automate brief bring build calculate
    carry champion check clarify clean close coach code collaborate collect communicate compile
    complete compose compute conceptualize conduct configure confer connect consult construct
    contact continue contribute control convene cooperate coordinate correspond counsel craft
    create cultivate debug define delegate deliver demonstrate deploy design detect determine
    develop devise diagnose direct disseminate document draft drive edit educate enable encourage
    enforce engage engineer enhance enter ensure establish estimate evaluate examine execute expand
    expedite explain explore facilitate file focus follow forecast formulate foster gather generate
    give guide handle help hire identify implement improve influence inform initiate innovate
    inspect install instruct integrate interact interface interpret interview introduce investigate
    issue keep launch lead learn leverage liaise listen locate log maintain make manage map market
    measure mediate meet mentor migrate mitigate model modify monitor motivate navigate negotiate
    obtain onboard operate optimize optimise orchestrate order organize organise originate oversee
    own participate partner perform place plan prepare present prioritize process procure produce
    program promote prosecute protect prototype provide publish purchase raise read receive
    recommend reconcile record recruit refine register relay remain remove repair replace report
    represent research resolve respond restore review revise run scale schedule scope screen secure
    select sell serve set shape share simplify solicit solve source staff steer store strategize
    streamline strengthen structure study suggest supervise supply support survey sustain
    synthesize take teach test track train transcribe transfer translate transport triage
    troubleshoot type uncover undertake update upgrade utilize validate verify visit work write
"""


def _forms(base: str) -> tuple[str, ...]:
    """The base form, third person singular and gerund of an English verb, doubling left aside."""
    if base.endswith("y") and base[-2] not in "aeou":
        return base, f"{base[:-1]}ies", f"{base}ing"
    plural = f"{base}es" if base.endswith(("s", "sh", "ch", "x")) else f"{base}s"
    return base, plural, f"{base[:-1]}ing" if base.endswith("e") else f"{base}ing"


JOB_VERBS: Final[frozenset[str]] = frozenset(
    form for base in _VERBS.split() for form in _forms(base)
) | word_set("overseeing planning running setting programming mapping")

STOP_WORDS: Final[dict[str, frozenset[str]]] = {
    "en": word_set("""
        a about above all also an and any are as at be been being below both but by can could did
        do does doing each either etc for from had has have having he her here his how i if in into
        is it its may me more most must my no nor not of on once only or other our out over own per
        she should so some such than that the their them then there these they this those through
        to too under until up upon us very was we were what when where which while who whom why
        will with within without would you your
        """),
    "de": word_set("""
        aber alle als am an auch auf aus bei bis das dass dein deine deinem deinen deiner dem den
        denn der des dich die dir du durch ein eine einem einen einer eines er es euch für haben
        hast hat ihr ihre ihrem ihren ihrer im in ist kann kannst mit nach nicht noch nur oder ob
        ohne sehr sein seine sich sie sind so sowie über um und uns unser unsere unserem unseren
        unserer unter vom von vor was wie wir wird werden zu zum zur zwischen
        """),
}

# What follows *you*, *du* or *Sie* where no duty does.
HAVING: Final[frozenset[str]] = word_set("""
    are bring can could enjoy feel have know like love may might must need possess should thrive
    understand want
    beherrschen beherrschst besitzen besitzt bist brauchen brauchst bringen bringst fühlen fühlst
    haben hast kannst kennen kennst können mögen müssen musst sind sollten solltest verfügen
    verfügst verstehen verstehst wissen wollen möchten möchtest
""")
GETTING: Final[frozenset[str]] = word_set("""
    earn enjoy get join receive
    bekommen bekommst erhalten erhältst profitieren profitierst
""")

# Words that open a requirement.
REQUIREMENT_OPENERS: Final[frozenset[str]] = word_set("""
    ability able advanced associate's bachelor bachelor's baccalaureate bs ba certification
    certified comfortable confident degree demonstrable demonstrated effective excellent
    exceptional experience experienced expert expertise extensive familiar familiarity fluency
    fluent good graduation hands-on high-level knowledge knowledgeable master's minimum must
    outstanding possess possession preferred proficiency proficient proven significant solid strong
    superior understanding valid willingness abgeschlossene abgeschlossenes affinität ausgeprägte
    berufserfahrung bereitschaft breites deutschkenntnisse einschlägige englischkenntnisse
    erfahrung erfahrungen erste fließende fundierte fundiertes gute gutes hohe hohes idealerweise
    kenntnisse mehrjährige mindestens sehr selbstständige selbständige sichere sicherer sicheres
    strukturierte teamfähigkeit tiefes vergleichbare verständnis zuverlässige
    """)

# Subjects that do the employer's work, and subjects that do the job's.
ORGANISATIONS: Final[frozenset[str]] = word_set("""
    administration agency board bureau bureaus commission company department directorate division
    group office offices organization program section team teams unit units
    abteilung bereich firma unternehmen
""")
PERSONS: Final[frozenset[str]] = word_set("""
    analyst applicant assistant candidate candidates coordinator deputy developer director engineer
    employee he his hire incumbent individual individuals manager officer position recruit
    recruiting role seeking seeks selected she specialist supervisor their they this will you
    you'll you're your dein deine dich dir du ihr ihre ihnen kandidat kandidatin sie
""")

ABBREVIATIONS: Final[frozenset[str]] = word_set("""
    approx asst atty ave bzw ca capt co corp dept dipl dr einschl etc evtl fed ggf gov inc incl
    inkl ing jr lt ltd max messrs min mind mio mr mrs ms mt nr no op prof sgt sog sr st str tel
    univ usw vs vgl zb zzgl
    """)
