"""One measured figure, the table of all of them, and the file they are kept in.

Belongs here: form and output. Not here: measuring (one module a benchmark).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, kw_only=True)
class Record:
    """One figure, beside what it is compared with."""

    name: str  # benchmark and figure: "engine one worker"
    ours: float  # median of our runs
    unit: str  # of ours and beside
    beside: float | None = None  # median of what it is measured beside, in the same run
    ratio: float | None = None  # ours / beside
    target: str = ""  # as the issue says
    meets: bool | None = None  # None where there is no target


def print_table(records: Iterable[Record]) -> None:
    """The table for people."""
    table = Table(title="Benchmarks: medians; ratios are within one run")
    for column in ("what", "ours", "beside", "ratio", "unit", "target", "meets"):
        right = column in ("ours", "beside", "ratio")
        table.add_column(column, justify="right" if right else "left")
    for r in records:
        meets = {True: "yes", False: "NO", None: ""}[r.meets]
        table.add_row(
            r.name, _number(r.ours), _number(r.beside), _number(r.ratio), r.unit, r.target, meets
        )
    Console().print(table)


def write_json(records: Sequence[Record], file: Path) -> None:
    """The same for programs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(r) for r in records], indent=2) + "\n", "utf-8")


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
