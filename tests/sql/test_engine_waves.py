"""Waves of the real engine with the test actor: how many calls at once, what one bad posting stops."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tests.ledger_driver import DAY, Driver
from ty_pipeline.actors.answer import Answer
from ty_pipeline.actors.versioned import VersionedActor
from ty_pipeline.engine.context import EngineContext, Limits
from ty_pipeline.engine.passes import run_pass
from ty_pipeline.errors import RetryableActorError
from ty_pipeline.workflow.workflow_3001 import WORKFLOW_3001

ASSETS = (
    "postings",
    "extracted_summaries",
    "graded_summaries",
    "published_summaries",
    "posting_skills",
    "ihl_scores",
)


class Counting:
    """A test actor that waits, and remembers how many calls it had at once."""

    waits = True

    def __init__(self, conversation: str) -> None:
        self.inner = VersionedActor(conversation)
        self.now = 0
        self.most = 0

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        return await self.inner.answer(inputs)


class Failing:
    """A test actor that fails where the title says so, and raises what nobody expects elsewhere."""

    def __init__(self, conversation: str) -> None:
        self.inner = VersionedActor(conversation)

    async def answer(self, inputs: Mapping[str, Any]) -> Answer:
        title = inputs["posting"]["title"]
        if "network" in title:
            raise RetryableActorError("no route", error_class="network")
        if "bug" in title:
            raise ZeroDivisionError
        return await self.inner.answer(inputs)


def context(url: str, build: Any, **limits: Any) -> EngineContext:
    return EngineContext(url=url, workflow=WORKFLOW_3001, build=build, limits=Limits(**limits))


def test_calls_at_once_are_never_more_than_the_slots(ledger: Driver, shared_url: str) -> None:
    ledger.fetch(*(ledger.job(f"j{n}") for n in range(30)))
    actors: list[Counting] = []

    def build(conversation: str, *_: Any) -> Counting:
        actors.append(Counting(conversation))
        return actors[-1]

    engine = context(shared_url, build, call_slots=4)
    for asset in ASSETS[:2]:
        run_pass(engine, asset, ledger.partition(DAY))
    assert len(ledger.interactions("extract_summary")) == 30
    assert [actor.most for actor in actors] == [4]


def test_one_bad_posting_stops_no_other(ledger: Driver, shared_url: str) -> None:
    titles = ("plain", "network", "bug", "simple")
    ledger.fetch(*(ledger.job(t, title=f"Clerk {t} {ledger.source}") for t in titles))
    engine = context(shared_url, lambda conversation, *_: Failing(conversation))
    reports = {asset: run_pass(engine, asset, ledger.partition(DAY)) for asset in ASSETS}
    summary = reports["extracted_summaries"]
    assert (summary.completed, summary.failed, summary.remaining) == (2, 1, 1)
    (wave,) = summary.waves
    assert dict(wave.failed) == {"network": 1, "unexpected": 1}
    assert ledger.posting("plain").extracted_summary is not None
    assert ledger.posting("simple").extracted_summary is not None
    assert ledger.posting("bug").extracted_summary is None


def test_a_second_pass_makes_no_second_call_and_no_second_result(
    ledger: Driver, shared_url: str
) -> None:
    ledger.fetch(ledger.job("j1"), ledger.job("j2"))
    engine = context(shared_url, lambda conversation, *_: VersionedActor(conversation))
    for asset in ASSETS:
        run_pass(engine, asset, ledger.partition(DAY))
    before = [i.interaction_id for i in ledger.interactions()]
    for asset in ASSETS:
        assert run_pass(engine, asset, ledger.partition(DAY)).claimed == 0
    assert [i.interaction_id for i in ledger.interactions()] == before


def test_a_pass_ends_at_its_limit_and_says_what_is_left(ledger: Driver, shared_url: str) -> None:
    ledger.fetch(*(ledger.job(f"j{n}") for n in range(40)))
    run_pass(
        context(shared_url, lambda c, *_: VersionedActor(c)), "postings", ledger.partition(DAY)
    )
    capped = context(
        shared_url,
        lambda c, *_: VersionedActor(c),
        pass_postings=10,
        pass_seconds=0.5,
        claim_batch=10,
        call_slots=5,
    )
    report = run_pass(capped, "extracted_summaries", ledger.partition(DAY))
    assert report.claimed + report.remaining == 40
    assert report.claimed >= 10


def test_the_duration_of_a_call_is_the_calls_own(ledger: Driver, shared_url: str) -> None:
    ledger.fetch(*(ledger.job(f"j{n}") for n in range(8)))
    engine = context(
        shared_url, lambda c, *_: VersionedActor(c, delay_ms=50), call_slots=1, commit_seconds=0.0
    )
    for asset in ASSETS[:2]:
        run_pass(engine, asset, ledger.partition(DAY))
    calls = ledger.interactions("extract_summary")
    began_apart = {i.started_at for i in calls}
    assert len(began_apart) == 8
    assert all(i.created_at <= i.started_at <= i.completed_at for i in calls)
    assert min(i.duration_ms for i in calls) >= 50
