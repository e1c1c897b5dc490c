"""One wave: all owed nodes of one step in one partition.

Belongs here: claiming as many as there are free slots, calling with bounded concurrency, handing
outcomes to the recorder, the heartbeat. Not here: which steps follow each other (``passes``), what an
actor does (``actors``), what is owed (the database).

Script steps are done by the database in sets. One model at a time per wave keeps a GPU warm. While
answers are recorded on one connection, the next batch is claimed on another.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from ty_pipeline.actors.answer import Actor, waits
from ty_pipeline.actors.schema import validate_output
from ty_pipeline.engine.context import EngineContext
from ty_pipeline.engine.lanes import Lanes
from ty_pipeline.engine.recorder import Recorder
from ty_pipeline.errors import ActorError
from ty_pipeline.ledger import work
from ty_pipeline.ledger.reads import claimable_count
from ty_pipeline.workflow.model import Conversation

SCRIPT_LIMIT = 1000  # nodes that one script transaction does (DESIGN.md, Engine)
BUSY_WAIT_SECONDS = 0.05  # pause when what is owed is locked by somebody else just now
TURN_SECONDS = 0.005  # an actor that never waits lets others have their turn that often


@dataclass(kw_only=True)
class WaveReport:
    """What one wave did; grows while it runs."""

    conversation: str  # canonical name
    claimed: int = 0  # nodes claimed
    called: int = 0  # calls made
    reused: int = 0  # nodes that shared an earlier or parallel result
    completed: int = 0  # nodes completed
    refused: int = 0  # nodes whose input was missing or blank
    suspended: int = 0  # nodes that wait for a person now
    late: int = 0  # answers that came after their claim was taken over
    failed: Counter[str] = field(default_factory=Counter)  # error class -> attempts
    seconds: float = 0.0  # wall time


def run_wave(
    context: EngineContext,
    lanes: Lanes,
    conversation: Conversation,
    partition_key: str,
    *,
    deadline: float,
) -> WaveReport:
    """Do all owed nodes of ``conversation`` in the partition, until ``deadline`` (time.monotonic)."""
    report = WaveReport(conversation=conversation.name)
    began = time.monotonic()
    match conversation.actor.actor_type:
        case "script":
            _run_script(context, lanes, conversation, partition_key, deadline, report)
        case "ai_model":
            wave = _Calls(context, lanes, conversation, partition_key, deadline, report)
            asyncio.run(wave.run())
        case "human":
            _suspend(context, lanes, conversation, partition_key, report)
    report.seconds = time.monotonic() - began
    return report


def _run_script(
    context: EngineContext,
    lanes: Lanes,
    conversation: Conversation,
    partition_key: str,
    deadline: float,
    report: WaveReport,
) -> None:
    while time.monotonic() < deadline and report.claimed < context.limits.pass_postings:
        completed, failed = work.run_script_work(
            lanes.claims,
            context.workflow.workflow_id,
            conversation.conversation_id,
            partition_key,
            limit=SCRIPT_LIMIT,
            worker=context.worker,
        )
        if completed + failed == 0:
            if not claimable_count(lanes.claims, conversation.conversation_id, partition_key):
                return
            time.sleep(BUSY_WAIT_SECONDS)
        report.claimed += completed + failed
        report.completed += completed
        report.failed.update({"unexpected": failed} if failed else {})


def _suspend(
    context: EngineContext,
    lanes: Lanes,
    conversation: Conversation,
    partition_key: str,
    report: WaveReport,
) -> None:
    while True:
        claimed = work.claim_work(
            lanes.claims,
            context.workflow.workflow_id,
            conversation.conversation_id,
            partition_key,
            limit=SCRIPT_LIMIT,
            worker=context.worker,
        )
        report.claimed += claimed.claimed
        report.reused += claimed.reused
        report.refused += claimed.refused
        report.suspended += claimed.claimed - claimed.reused - claimed.refused
        if claimed.claimed == 0:
            return


class _Calls:
    """The calls of one model step; lives for one wave."""

    def __init__(
        self,
        context: EngineContext,
        lanes: Lanes,
        conversation: Conversation,
        partition_key: str,
        deadline: float,
        report: WaveReport,
    ) -> None:
        self.context = context
        self.lanes = lanes
        self.conversation = conversation
        self.partition_key = partition_key
        self.deadline = deadline
        self.report = report
        self.running: set[asyncio.Task[None]] = set()
        self.actors: dict[int, Actor] = {}
        self.slots = asyncio.Semaphore(context.limits.call_slots)
        self.recorder = Recorder(
            lanes.answers,
            context.workflow.workflow_id,
            conversation.conversation_id,
            wait=context.limits.commit_seconds,
            most=context.limits.claim_batch,
        )

    async def run(self) -> None:
        heartbeat = asyncio.create_task(self._renew())
        try:
            async with self.recorder:
                await self._claim_and_call()
        finally:
            heartbeat.cancel()
            with suppress(asyncio.CancelledError):
                await heartbeat
        self._count()

    async def _claim_and_call(self) -> None:
        while not self.recorder.broken:
            claimed = await self._claim()
            await self._call_all(claimed.calls)
            if self.running:
                await asyncio.wait(self.running, return_when=asyncio.FIRST_COMPLETED)
            elif self._room() < 1:
                await self.recorder.next_write()
            elif claimed.claimed == 0:
                if await self._nothing_left():
                    return
                await asyncio.sleep(BUSY_WAIT_SECONDS)

    async def _claim(self) -> work.Claimed:
        room = self._room()
        if room < 1 or self._enough():
            return work.Claimed(calls=(), claimed=0, reused=0, refused=0)
        claimed = await asyncio.to_thread(
            work.claim_work,
            self.lanes.claims,
            self.context.workflow.workflow_id,
            self.conversation.conversation_id,
            self.partition_key,
            limit=room,
            worker=self.context.worker,
        )
        self.report.claimed += claimed.claimed
        self.report.refused += claimed.refused
        self.report.called += len(claimed.calls)
        return claimed

    def _room(self) -> int:
        """How many more may be claimed: a batch, or twice the slots of an actor that waits.

        No more than a batch is claimed while another is being recorded.
        """
        limits = self.context.limits
        if self.recorder.pending > limits.claim_batch:
            return 0
        if all(waits(actor) for actor in self.actors.values()):  # also while none is known yet
            held = len(self.running)
            return 2 * limits.call_slots - held if held <= limits.call_slots else 0
        return limits.claim_batch

    def _enough(self) -> bool:
        """Whether this pass has done its share."""
        return (
            time.monotonic() >= self.deadline
            or self.report.claimed >= self.context.limits.pass_postings
        )

    async def _nothing_left(self) -> bool:
        if self._enough():
            return True
        left = await asyncio.to_thread(
            claimable_count,
            self.lanes.claims,
            self.conversation.conversation_id,
            self.partition_key,
        )
        return left == 0

    async def _call_all(self, calls: Sequence[work.Call]) -> None:
        """Start the calls of an actor that waits; make those of any other, one after the other."""
        turn = time.monotonic()
        for call in calls:
            actor = self._actor(call)
            if waits(actor):
                task = asyncio.create_task(self._call(call, actor))
                self.running.add(task)
                task.add_done_callback(self.running.discard)
                continue
            await self._call(call, actor)
            if time.monotonic() - turn > TURN_SECONDS:
                await asyncio.sleep(0)
                turn = time.monotonic()
        if not self.running:
            self.recorder.flush()

    async def _call(self, call: work.Call, actor: Actor) -> None:
        try:
            async with self.slots:
                began = time.monotonic()
                async with asyncio.timeout(self.conversation.timeout_seconds):
                    answer = await actor.answer(call.input)
                seconds = time.monotonic() - began
            output = validate_output(self.conversation.name, answer.output)
        except ActorError as error:
            self.recorder.add(_failure(call, error.error_class, str(error)))
        except TimeoutError:
            self.recorder.add(
                _failure(call, "timeout", f"no answer within {self.conversation.timeout_seconds} s")
            )
        except Exception as error:  # one bad posting never stops its partition
            self.recorder.add(
                _failure(call, "unexpected", f"{type(error).__name__} in {type(actor).__name__}")
            )
        else:
            self.recorder.add(
                work.Result(
                    interaction_id=call.interaction_id,
                    fence=call.fence,
                    output=output,
                    branch=answer.branch,
                    tokens_in=answer.tokens_in,
                    tokens_out=answer.tokens_out,
                    seconds=seconds,
                )
            )

    def _actor(self, call: work.Call) -> Actor:
        if call.actor_id not in self.actors:
            self.actors[call.actor_id] = self.context.actor(
                self.lanes.claims, self.conversation.name, call.actor_id
            )
        return self.actors[call.actor_id]

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self.context.limits.lease_seconds / 3)
            await asyncio.to_thread(work.renew_leases, self.lanes.leases, self.context.worker)

    def _count(self) -> None:
        recorded = self.recorder.recorded
        self.report.completed = recorded.completed
        self.report.late = recorded.refused_late
        self.report.failed = recorded.failed
        self.report.reused = self.report.claimed - self.report.called - self.report.refused


def _failure(call: work.Call, error_class: str, message: str) -> work.Failure:
    return work.Failure(
        interaction_id=call.interaction_id,
        fence=call.fence,
        error_class=error_class,
        message=message,
    )
