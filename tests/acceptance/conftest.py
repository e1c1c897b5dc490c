"""What the acceptance tests share: databases for a whole file, and the feeds beside the checkout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import Server

SHARED_DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
NEEDS_SHARED_DATA = ("test_postings_history.py", "test_nyc_jobs.py")

collect_ignore = [] if SHARED_DATA.is_dir() else list(NEEDS_SHARED_DATA)


def pytest_report_header() -> str | None:
    if collect_ignore:
        return f"no {SHARED_DATA}: {', '.join(collect_ignore)} cannot run and are left out"
    return None


@pytest.fixture(scope="module")
def module_database(server: Server) -> Iterator[Callable[[], str]]:
    """Makes empty databases that live as long as the tests of one file."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(server.new_database())
