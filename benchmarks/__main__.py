"""``make bench``: every benchmark, or one by name; one table, and ``.ty/bench.json``.

    python -m benchmarks [NAME]

Belongs here: choosing and showing. Not here: measuring.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import engine, nyc, reads
from benchmarks.record import Record, print_table, write_json
from ty_pipeline.config import project_folder

BENCHMARKS: dict[str, Callable[[], Iterable[Record]]] = {
    "engine": engine.measure,
    "nyc": nyc.measure,
    "reads": reads.measure,
}


def main(arguments: list[str]) -> int:
    """Run what is asked for; 2 for a name that does not exist."""
    unknown = set(arguments) - set(BENCHMARKS)
    if unknown:
        known = ", ".join(BENCHMARKS)
        print(f"There is no benchmark {', '.join(sorted(unknown))}: there are {known}.")
        return 2
    records = [r for name in arguments or BENCHMARKS for r in BENCHMARKS[name]()]
    print_table(records)
    file = Path(project_folder()) / ".ty" / "bench.json"
    write_json(records, file)
    print(f"Written to {file}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
