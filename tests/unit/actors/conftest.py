"""Postings that the tests of the summary steps share, and the real feeds beside the checkout.

Where the feeds are not there, the file that reads nothing else is not collected, and pytest says so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ty_pipeline.actors.posting import Posting

FEEDS = Path(__file__).parents[3] / ".." / "shared" / "data"

collect_ignore = [] if FEEDS.is_dir() else ["test_real_summaries.py"]


def pytest_report_header() -> str | None:
    if not collect_ignore:
        return None
    return f"not collected, ../shared/data is not there: {', '.join(collect_ignore)}"


ENGLISH = """Tidewater Instruments builds sensors for harbours and has done so since 1987. We are \
240 people in one old rope factory.

About the role

As a Firmware Engineer you will own the software inside our tide gauges, from the first sketch to \
the update that reaches a buoy in a storm.

What you will do

- Design and write firmware in C for small microcontrollers
- Debug timing faults with an oscilloscope and patience
- Review the code of four colleagues and have yours reviewed
- Plan field tests together with the harbour masters of 12 ports
- Document interfaces so that a stranger can use them
- Support production when a board fails its final test

What you bring

- A degree in electrical engineering, computer science or equivalent experience
- At least 4 years of experience with embedded C
- Knowledge of CAN bus and of Modbus RTU
- Experience with FreeRTOS is a plus
- Fluency in written English

What we offer

- Salary from £48,000 to £56,000, reviewed every spring
- 28 days of holiday and a pension scheme with 8 % from us
- Two days a week from home after the first three months

Location: Harwich. Job ID: TW-4471
Please send your CV to jobs@tidewater.example or call Ms Field on +44 1255 555 0133.
Tidewater Instruments is an equal opportunity employer and welcomes applicants of every background."""

GERMAN = """Über uns

Die Mühlbach Druck GmbH druckt seit 1921 Bücher, Karten und Noten. Bei uns arbeiten 85 Menschen \
in zwei Schichten.

Deine Aufgaben

- Du richtest Offsetmaschinen ein und überwachst den Fortdruck
- Du prüfst Farbe und Passer nach ProzessStandard Offset
- Du wartest die Maschinen und behebst kleine Störungen selbst
- Du planst mit der Arbeitsvorbereitung die Reihenfolge der Aufträge

Dein Profil

- Abgeschlossene Ausbildung als Medientechnologe Druck oder vergleichbare Qualifikation
- Mindestens 3 Jahre Berufserfahrung an Bogenoffsetmaschinen
- Gutes Farbsehen und Freude an genauer Arbeit
- Bereitschaft zur Schichtarbeit

Wir bieten

- Unbefristete Anstellung mit 3.400 Euro im Monat
- 30 Tage Urlaub und Zuschuss zum Deutschlandticket
- Betriebliche Altersvorsorge

Bitte sende deine Bewerbung mit Lebenslauf an bewerbung@muehlbach.example."""

NO_REQUIREMENTS = """The Orchard Row Museum shows toys of three centuries in eleven rooms.

Your tasks

- Sell tickets and answer questions at the front desk
- Open and close the rooms according to a list
- Prepare the workshop table for school classes
- Report damage to the curator

We pay £12.40 an hour, on Saturdays and Sundays, all year round."""


def posting(title: str, description: str) -> Posting:
    return Posting(title=title, company="Example Ltd", description=description)


@pytest.fixture
def english() -> Posting:
    return posting("Firmware Engineer", ENGLISH)


@pytest.fixture
def german() -> Posting:
    return posting("Medientechnologe Druck (m/w/d)", GERMAN)


@pytest.fixture
def no_requirements() -> Posting:
    return posting("Museum Attendant", NO_REQUIREMENTS)
