"""Random histories of the ledger: anything that workers, boards and operators may do, in any order.

Belongs here: drawing what happens and doing it, however little sense it makes. Not here: what must hold
afterwards (``tests/sql/test_settle_runs.py``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.canned_answers import Verdict
from tests.ledger_driver import WORKED_STEPS, Driver, new_driver, worker_of
from ty_pipeline.ledger import work
from ty_pipeline.ledger.work import Call

MODELS = [c.name for c in WORKED_STEPS if c.actor.actor_type == "ai_model"]
DAYS = [f"2026-01-{day:02}" for day in range(5, 9)]
TEXTS = ("one", "two", "short", "none", "one in Bonn")

Act = tuple[str, tuple[Any, ...]]  # name of a method of History, and its arguments
_orders = itertools.count(1)


_number = st.integers(0, 30)
_verdict: st.SearchStrategy[Verdict] = st.sampled_from(["pass", "pass", "fail"])
_page = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(TEXTS)), min_size=1, max_size=3)
_fetch = st.tuples(st.sampled_from(DAYS), _page)
_work_off = st.tuples(st.integers(1, 5), st.tuples(*[_verdict] * 5))

ARGUMENTS: dict[str, st.SearchStrategy[tuple[Any, ...]]] = {
    "fetch": _fetch,
    "work_off": _work_off,
    "claim": st.tuples(_number, st.integers(1, 4)),
    "complete": st.tuples(_number, _verdict),
    "spoil": st.tuples(_number, st.sampled_from(["branch", "blank", "null"])),
    "fail": st.tuples(_number, st.sampled_from(["network", "schema"])),
    "release": st.tuples(_number),
    "expire": st.tuples(_number),
    "enable": st.tuples(_number, st.booleans()),
    "invalidate": st.tuples(_number),
}
OFTEN = ["fetch", "fetch", "work_off", "claim", "claim", "claim", "claim", "complete", "complete"]
SELDOM = ["spoil", "fail", "release", "expire"]
FLAGS = ["enable", "enable", "invalidate"]


def acts(*, flags: bool) -> st.SearchStrategy[list[Act]]:
    """What may happen; with ``flags`` operators disable, enable and invalidate too."""
    kinds = OFTEN + SELDOM + (FLAGS if flags else [])
    one: st.SearchStrategy[Act] = st.sampled_from(kinds).flatmap(
        lambda kind: st.tuples(st.just(kind), ARGUMENTS[kind])
    )
    begin = st.tuples(
        st.tuples(st.just("fetch"), _fetch), st.tuples(st.just("work_off"), _work_off)
    )
    return st.tuples(begin, st.lists(one, min_size=3, max_size=14)).map(
        lambda drawn: [*drawn[0], *drawn[1]]
    )


@dataclass(kw_only=True)
class History:
    """One history on a source of its own."""

    driver: Driver
    calls: list[tuple[str, Call]] = field(default_factory=list)  # claimed once, whatever came of it

    @classmethod
    def begin(cls, driver: Driver) -> History:
        return cls(driver=new_driver(driver.owner, driver.pipeline))

    def live(self, acts: Sequence[Act]) -> None:
        for name, arguments in acts:
            method: Callable[..., None] = getattr(self, name)
            method(*arguments)

    def fetch(self, day: str, page: Sequence[tuple[int, str]]) -> None:
        rows = [self._row(number, text) for number, text in page]
        self.driver.fetch(*rows, day=day, feed=str(next(_orders)))

    def claim(self, number: int, limit: int) -> None:
        """One of the model steps that are owed somewhere."""
        owed = [(step, day) for step, day in self._owed() if step in MODELS]
        for step, day in owed[number % len(owed) :][:1] if owed else []:
            claimed = self.driver.claim(
                step, limit=limit, day=day, worker=worker_of(self.driver.source, day)
            )
            self.calls += [(step, call) for call in claimed.calls]

    def work_off(self, rounds: int, verdicts: Sequence[Verdict]) -> None:
        """What is owed, and what follows from it, so many times; grades as given."""
        graded = ("grade_a[0]", "grade_b[0]", "regrade[1]", "regrade[2]", "regrade[3]")
        chosen = dict(zip(graded, verdicts, strict=True))
        self.driver.forget_backoff()
        for _ in range(rounds):
            for step, day in self._owed():
                self.driver.run_step(step, day=day, verdicts=chosen)

    def complete(self, number: int, verdict: Verdict) -> None:
        for step, call in self._pick(number):
            self.driver.complete(step, [call], verdict=verdict)

    def spoil(self, number: int, how: str) -> None:
        for step, call in self._pick(number):
            match how:
                case "branch":
                    self.driver.complete_with(step, call, {"role": "R"}, branch="sideways")
                case "blank":
                    self.driver.complete(step, [call], role=" ", verdict="pass")
                case _:
                    self.driver.complete_with(
                        step, call, None, branch="pass" if "grade" in step else "*"
                    )

    def fail(self, number: int, error_class: str) -> None:
        for _, call in self._pick(number):
            self.driver.fail([call], error_class)
        self.driver.forget_backoff()

    def release(self, number: int) -> None:
        work.release_work(self.driver.pipeline, [call for _, call in self._pick(number)])

    def expire(self, number: int) -> None:
        self.driver.expire([call.interaction_id for _, call in self._pick(number)])
        work.release_expired_work(self.driver.pipeline)

    def enable(self, number: int, enabled: bool) -> None:
        self.driver.owner.execute(
            "update interactions set enabled = %s where interaction_id = any(%s)",
            (enabled, self._interaction(number)),
        )

    def invalidate(self, number: int) -> None:
        self.driver.owner.execute(
            "update interactions set invalidated = true, invalidation_reason = 'wrong'"
            " where interaction_id = any(%s)",
            (self._interaction(number),),
        )

    def _row(self, number: int, text: str) -> dict[str, Any]:
        """Postings 0 and 1 are one advert, so that they share calls."""
        advert: dict[str, Any] = {"title": f"T{max(number, 1)}", "locations": [f"city {number}"]}
        match text:
            case "none":
                advert["description"] = None
            case "short":
                advert["description"] = "too short"
            case "one in Bonn":
                advert |= {"description": self.driver.text("one"), "locations": ["Bonn"]}
            case _:
                advert["description"] = self.driver.text(text)
        return self.driver.job(f"j{number}", **advert)

    def _owed(self) -> list[tuple[str, str]]:
        """Step and day of everything that is owed, in the order of the steps."""
        rows = self.driver.rows(
            "select distinct s.execution_order, c.canonical_name, split_part(n.partition_key, '|', 1) as day"
            " from run_node_state n join workflow_conversations s using (conversation_id)"
            " join conversations c using (conversation_id)"
            " where n.status = 'scheduled' and n.partition_key = any(%s) and n.posting_id is not null order by 1, 3",
            [self.driver.partition(day) for day in DAYS],
        )
        return [(r.canonical_name, r.day) for r in rows]

    def _pick(self, number: int) -> list[tuple[str, Call]]:
        """One of the last calls; more often than not one that is live."""
        return self.calls[-1 - number % min(len(self.calls), 4) :][:1] if self.calls else []

    def _interaction(self, number: int) -> list[int]:
        found = self.driver.interactions()
        return [found[number % len(found)].interaction_id] if found else []
