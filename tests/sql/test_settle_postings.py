"""What a posting publishes, and its status, follow from its nodes."""

from __future__ import annotations

import pytest

from tests.ledger_driver import Driver, step_id

LATER = "2026-01-06"
PUBLISHED = ("extracted_summary", "skill_keywords", "ihl_score")


def published(ledger: Driver) -> list[bool]:
    posting = ledger.posting()
    return [getattr(posting, column) is not None for column in PUBLISHED]


def test_nothing_is_published_before_its_save_step(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run(until="save_summary")
    assert published(ledger) == [False, False, False]
    ledger.run_step("save_summary")
    assert published(ledger) == [True, False, False]


def test_deriving_again_writes_nothing(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    version = "select xmin::text from postings where posting_id = %s"
    before = ledger.value(version, ledger.posting().posting_id)
    ledger.owner.execute(
        "select settle_postings(array[%s::bigint])", (ledger.posting().posting_id,)
    )
    assert ledger.value(version, ledger.posting().posting_id) == before


def test_a_posting_given_twice_is_derived_once(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    posting = ledger.posting()
    ledger.owner.execute(
        "select settle_postings(array[%s, %s]::bigint[])", (posting.posting_id, posting.posting_id)
    )
    assert ledger.posting() == posting


def test_a_posting_whose_every_sighting_is_withdrawn_is_invalidated_and_publishes_nothing(
    ledger: Driver,
) -> None:
    ledger.fetch()
    ledger.run()
    ledger.owner.execute(
        "update interactions set enabled = false where partition_key = %s and posting_id is null",
        (ledger.partition(),),
    )
    posting = ledger.posting()
    assert (posting.status, posting.invalidated, posting.current_version_id) == (
        "invalidated",
        True,
        None,
    )
    assert published(ledger) == [False, False, False]


def test_a_posting_comes_back_with_its_fetch(ledger: Driver) -> None:
    ledger.fetch()
    ledger.run()
    before = ledger.posting()
    for enabled in (False, True):
        ledger.owner.execute(
            "update interactions set enabled = %s where partition_key = %s and posting_id is null",
            (enabled, ledger.partition()),
        )
    assert ledger.posting() == before


@pytest.mark.parametrize("step", ["save_summary", "save_skills", "save_ihl"])
def test_a_disabled_save_withdraws_its_value_without_redoing(ledger: Driver, step: str) -> None:
    ledger.fetch()
    ledger.run()
    (one,) = ledger.interactions(step)
    ledger.owner.execute(
        "update interactions set enabled = false where interaction_id = %s", (one.interaction_id,)
    )
    withdrawn = PUBLISHED[("save_summary", "save_skills", "save_ihl").index(step)]
    assert getattr(ledger.posting(), withdrawn) is None
    assert ledger.status(step) == "paused"
    assert ledger.script(step) == (0, 0)


def test_a_rejected_ticket_publishes_nothing_and_ends_the_posting(ledger: Driver) -> None:
    """Answering tickets comes later; here the owner answers in the ledger itself."""
    ledger.fetch()
    never = {
        f"{s}[{r}]": "fail"
        for s, r in (("grade_a", 0), ("regrade", 1), ("regrade", 2), ("regrade", 3))
    }
    ledger.run(verdicts=never)  # type: ignore[arg-type]
    (ticket,) = ledger.interactions("create_ticket")
    ledger.owner.execute(
        "update interactions set status = 'completed', branch = 'reject', output = '{}', output_hash = sha256('{}'),"
        " completed_at = clock_timestamp() where interaction_id = %s",
        (ticket.interaction_id,),
    )
    ledger.owner.execute("select settle_runs(array[%s::bigint])", (ticket.workflow_run_id,))
    assert ledger.posting().status == "rejected"
    assert published(ledger) == [False, False, False]
    assert ledger.status("format_summary") == "idle"


@pytest.mark.parametrize("branch", ["approve", "correct"])
def test_an_answered_ticket_is_formatted_and_published(ledger: Driver, branch: str) -> None:
    ledger.fetch()
    never = {
        f"{s}[{r}]": "fail"
        for s, r in (("grade_a", 0), ("regrade", 1), ("regrade", 2), ("regrade", 3))
    }
    ledger.run(verdicts=never)  # type: ignore[arg-type]
    (ticket,) = ledger.interactions("create_ticket")
    answer = (
        '{"summary": {"role": "Said by a person", "details": "Checked by hand, every word of it."}}'
    )
    ledger.owner.execute(
        "update interactions set status = 'completed', branch = %s, output = %s::jsonb, output_hash = sha256('{}'),"
        " completed_at = clock_timestamp() where interaction_id = %s",
        (branch, answer, ticket.interaction_id),
    )
    ledger.owner.execute("select settle_runs(array[%s::bigint])", (ticket.workflow_run_id,))
    ledger.run()
    assert ledger.posting().extracted_summary.startswith("**Role:** Said by a person\n")
    (formatted,) = ledger.interactions("format_summary")
    assert set(ledger.edges(formatted.interaction_id)) == {"posting", "summary"}


def test_an_ended_posting_starts_again_with_new_content(ledger: Driver) -> None:
    ledger.fetch(ledger.job(description=None))
    ledger.run()
    assert ledger.posting().status == "no_description"
    ledger.fetch(day=LATER)
    assert ledger.posting().status == "active"
    assert ledger.node("validate_description").conversation_id == step_id("validate_description")
