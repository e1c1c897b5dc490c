"""The current content is that of the newest sighting, whatever order fetches came in."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.ledger_driver import Driver, new_driver, worker_of
from tests.lock_waits import background
from ty_pipeline.database.connect import connect

DAYS = ("2026-01-05", "2026-01-06", "2026-01-07")
LATER = DAYS[1]


def current_text(ledger: Driver, external_id: str = "j1") -> str:
    return str(
        ledger.value(
            "select description from posting_versions where posting_version_id = %s",
            ledger.posting(external_id).current_version_id,
        )
    )


def test_a_new_version_makes_its_work_owed_and_keeps_the_published_values_marked_stale(
    ledger: Driver,
) -> None:
    ledger.fetch()
    ledger.run()
    before = ledger.posting()
    ledger.fetch(ledger.job(description=ledger.text("v2")), day=LATER)
    posting = ledger.posting()
    assert ledger.status("validate_description") == "scheduled"
    assert posting.extracted_summary == before.extracted_summary
    assert posting.extracted_summary_interaction_id == before.extracted_summary_interaction_id
    assert None not in (
        posting.extracted_summary_stale_since, posting.skill_keywords_stale_since, posting.ihl_stale_since
    )  # fmt: skip


def test_each_published_value_stays_until_its_own_new_chain_saves(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    before = ledger.posting()
    ledger.fetch(ledger.job(title="Director"), day=LATER)
    ledger.run(until="save_summary", day=LATER)
    assert ledger.posting().extracted_summary == before.extracted_summary
    ledger.run_step("save_summary", day=LATER)
    posting = ledger.posting()
    assert "Director" in posting.extracted_summary
    assert posting.extracted_summary_stale_since is None
    assert posting.skill_keywords_interaction_id == before.skill_keywords_interaction_id
    assert posting.skill_keywords_stale_since is not None
    ledger.run(day=LATER)
    posting = ledger.posting()
    assert posting.skill_keywords_interaction_id > before.skill_keywords_interaction_id
    assert (posting.skill_keywords_stale_since, posting.ihl_stale_since) == (None, None)


def test_stale_since_is_when_it_became_stale_and_does_not_move(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    ledger.fetch(ledger.job(description=ledger.text("v2")), day=LATER)
    since = ledger.posting().extracted_summary_stale_since
    ledger.fetch(ledger.job(description=ledger.text("v3")), day=DAYS[2])
    ledger.run_step("validate_description", day=DAYS[2])
    assert ledger.posting().extracted_summary_stale_since == since


def test_going_back_to_an_old_version_uses_its_results_without_a_call(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    first = ledger.posting()
    ledger.fetch(ledger.job(description=ledger.text("v2")), day=LATER)
    ledger.run(day=LATER)
    assert (
        ledger.posting().extracted_summary_interaction_id != first.extracted_summary_interaction_id
    )
    before = ledger.interactions()
    ledger.fetch(day=DAYS[2])
    posting = ledger.posting()
    assert ledger.interactions() == before
    for column in ("extracted_summary", "extracted_summary_interaction_id", "skill_keywords",
                   "ihl_interaction_id", "extracted_summary_stale_since"):  # fmt: skip
        assert getattr(posting, column) == getattr(first, column)
    assert set(ledger.statuses().values()) == {"completed"}


def test_only_what_depends_on_a_field_that_changed_is_called_again(ledger: Driver) -> None:
    """A moved office is new content: scripts run anew, no model is asked."""
    ledger.fetch()
    ledger.run()
    calls = len(ledger.model_calls())
    ledger.fetch(ledger.job(locations=["Bonn"]), day=LATER)
    ledger.run(day=LATER)
    assert len(ledger.model_calls()) == calls
    assert "**Location:** Bonn" in ledger.posting().extracted_summary


SHORT = {"no_description": None, "too_short": "x" * 99}


@pytest.mark.parametrize("status", SHORT)
def test_a_posting_without_usable_description_costs_nothing_and_publishes_nothing(
    ledger: Driver, status: str
) -> None:
    ledger.fetch(ledger.job(description=SHORT[status]))
    ledger.run()
    posting = ledger.posting()
    assert posting.status == status
    assert (posting.extracted_summary, posting.skill_keywords, posting.ihl_score) == (None,) * 3
    assert [i.step for i in ledger.interactions()] == ["validate_description"]


@pytest.mark.parametrize("status", SHORT)
def test_it_starts_by_itself_when_a_longer_description_comes(ledger: Driver, status: str) -> None:
    ledger.fetch(ledger.job(description=SHORT[status]))
    ledger.run()
    ledger.fetch(ledger.job(description="y" * 100 + ledger.source), day=LATER)
    ledger.run(day=LATER)
    posting = ledger.posting()
    assert (posting.status, posting.ihl_score) == ("active", 12)
    assert posting.extracted_summary is not None


@pytest.mark.parametrize("status", SHORT)
def test_a_description_that_vanishes_withdraws_what_was_published(
    ledger: Driver, status: str
) -> None:
    ledger.fetch()
    ledger.run()
    ledger.fetch(ledger.job(description=SHORT[status]), day=LATER)
    ledger.run(day=LATER)
    posting = ledger.posting()
    assert posting.status == status
    assert (posting.extracted_summary, posting.skill_keywords, posting.ihl_score) == (None,) * 3
    ledger.fetch(day=DAYS[2])
    assert (ledger.posting().status, ledger.posting().ihl_score) == ("active", 12)


def test_an_older_partition_fetched_later_does_not_move_the_content(ledger: Driver) -> None:
    ledger.fetch(ledger.job(description=ledger.text("newest")), day=DAYS[2])
    ledger.run(day=DAYS[2])
    before = (ledger.interactions(), ledger.statuses(), ledger.posting().current_version_id)
    ledger.fetch(ledger.job(description=ledger.text("older")), day=DAYS[0])
    ledger.run(day=DAYS[0])
    assert (ledger.interactions(), ledger.statuses(), ledger.posting().current_version_id) == before
    assert str(ledger.posting().first_seen_on) == DAYS[0]
    assert "newest" in current_text(ledger)


def test_a_newer_fetch_of_the_same_date_wins(ledger: Driver) -> None:
    ledger.fetch(ledger.job(description=ledger.text("one")), feed="digest-1")
    ledger.fetch(ledger.job(description=ledger.text("two")), feed="digest-2")
    assert "two" in current_text(ledger)


def test_work_is_done_in_the_partition_that_first_brought_the_current_content(
    ledger: Driver,
) -> None:
    ledger.fetch(day=DAYS[1])
    assert ledger.node("validate_description").partition_key == ledger.partition(DAYS[1])
    ledger.fetch(day=DAYS[0])
    assert ledger.node("validate_description").partition_key == ledger.partition(DAYS[0])
    ledger.fetch(day=DAYS[2])
    assert ledger.node("validate_description").partition_key == ledger.partition(DAYS[0])
    ledger.fetch(ledger.job(title="Director"), day="2026-01-08")
    assert ledger.node("validate_description").partition_key == ledger.partition("2026-01-08")


def test_owed_work_that_moves_to_another_partition_can_be_claimed_there(ledger: Driver) -> None:
    ledger.fetch(day=DAYS[1])
    ledger.run(until="extract_summary", day=DAYS[1])
    ledger.fetch(day=DAYS[0])
    assert ledger.claim("extract_summary", day=DAYS[1]).claimed == 0
    assert ledger.claim("extract_summary", day=DAYS[0]).claimed == 1


def three_dates(ledger: Driver) -> dict[str, list[dict[str, Any]]]:
    """What the board shows on three dates: changes, a vanished and a late posting, a way back."""
    return {
        DAYS[0]: [ledger.job("a"), ledger.job("b"), ledger.job("c", description=None)],
        DAYS[1]: [ledger.job("a", title="Director a"), ledger.job("c")],
        DAYS[2]: [ledger.job("a"), ledger.job("b", locations=["Bonn"]), ledger.job("d")],
    }


def outcome(ledger: Driver) -> list[Any]:
    """Everything that must not depend on the order, without ids and without the driver's name."""
    rows = ledger.rows(
        "select p.external_id, p.status, p.first_seen_on, p.last_seen_on, p.extracted_summary,"
        "  p.extracted_summary_stale_since is null as is_fresh, p.skill_keywords, p.ihl_score, r.partition_key,"
        "  v.title, v.locations, v.description,"
        "  (select array_agg(w.title || array_to_string(w.locations, ',') || coalesce(w.description, '')"
        "     order by w.title, w.locations, w.description)"
        "   from posting_versions w where w.posting_id = p.posting_id) as versions,"
        "  (select count(*) from sightings s where s.posting_id = p.posting_id) as sightings,"
        "  (select array_agg(n.conversation_id || '/' || n.round || ' ' || n.status order by n.conversation_id, n.round)"
        "   from run_node_state n where n.posting_id = p.posting_id and n.status <> 'idle') as nodes"
        " from postings p join workflow_runs r using (posting_id)"
        " left join posting_versions v on v.posting_version_id = p.current_version_id"
        " where p.source_id = %s order by p.external_id",
        ledger.source,
    )
    return [tuple(str(v).replace(ledger.source, "SOURCE") for v in row) for row in rows]


def feed(ledger: Driver, days: tuple[str, ...], *, run_between: bool) -> list[Any]:
    pages = three_dates(ledger)
    for day in days:
        ledger.fetch(*pages[day], day=day)
        if run_between:
            ledger.run(day=day)
    for day in days:
        ledger.run(day=day)
    return outcome(ledger)


@pytest.fixture(scope="module")
def forwards(shared_connections: Any) -> list[Any]:
    return feed(new_driver(*shared_connections), DAYS, run_between=True)


@pytest.mark.parametrize("days", list(itertools.permutations(DAYS)))
@pytest.mark.parametrize("run_between", [True, False], ids=["worked off", "all at once"])
def test_any_order_of_the_dates_ends_the_same(
    ledger: Driver, forwards: list[Any], days: tuple[str, ...], run_between: bool
) -> None:
    assert feed(ledger, days, run_between=run_between) == forwards


@pytest.mark.parametrize("_", range(3))
def test_the_dates_fed_at_the_same_time_end_the_same(
    ledger: Driver, shared_url: str, forwards: list[Any], _: int
) -> None:
    pages = three_dates(ledger)

    def work(day: str) -> None:
        with connect(shared_url) as pipeline:
            worker = worker_of(ledger.source, day)
            driver = Driver(
                owner=ledger.owner, pipeline=pipeline, source=ledger.source, worker=worker
            )
            driver.fetch(*pages[day], day=day)
            driver.run(day=day)

    with background() as start:
        for one in [start(lambda d=d: work(d)) for d in DAYS]:  # type: ignore[misc]
            one.result()
    for day in DAYS:
        ledger.run(day=day)
    assert outcome(ledger) == forwards


def test_staging_pages_of_one_fetch_at_the_same_time_loses_nothing(
    ledger: Driver, shared_url: str
) -> None:
    names = [f"j{n}" for n in range(30)]
    ledger.fetch(*(ledger.job(n) for n in names))
    fetch = ledger.open(LATER)
    pages = [ledger.store_page(fetch, number) for number in (1, 2, 3)]

    def stage(number: int) -> None:
        with connect(shared_url) as pipeline:
            driver = Driver(
                owner=ledger.owner, pipeline=pipeline, source=ledger.source, worker=ledger.worker
            )
            rows = [
                ledger.job(
                    n, row_number=k + 1, title=f"{number}" if k % 3 == number else f"Engineer {n}"
                )
                for k, n in enumerate(names)
                if k % 2 == number % 2 or k % 3 == number
            ]
            numbered = [{**row, "row_number": number * 1000 + k} for k, row in enumerate(rows)]
            driver.stage(pages[number], numbered, day=LATER)
            driver.promote(day=LATER)

    with background() as start:
        for one in [start(lambda n=n: stage(n)) for n in (0, 1, 2)]:  # type: ignore[misc]
            one.result()
    assert (
        ledger.rows(
            "select from postings_staging where source_id = %s and validation_status = 'staged'",
            ledger.source,
        )
        == []
    )
    newest = ledger.rows(
        "select distinct on (s.posting_id) s.posting_id, s.posting_version_id, p.current_version_id"
        " from sightings s join postings p using (posting_id) where p.source_id = %s"
        " order by s.posting_id, s.partition_date desc, s.fetch_interaction_id desc, s.row_number desc",
        ledger.source,
    )
    assert len(newest) == 30
    assert all(n.posting_version_id == n.current_version_id for n in newest)
