"""The real feeds, which lie beside the checkout and are no part of it.

Where they are not there, the files that read nothing else are not collected, and pytest says so.
"""

from __future__ import annotations

from pathlib import Path

FEEDS = Path(__file__).parents[3] / ".." / "shared" / "data"

_READ_FEEDS = ["test_nyc_jobs.py", "test_postings_history.py", "test_real_texts.py"]

collect_ignore = [] if FEEDS.is_dir() else _READ_FEEDS


def pytest_report_header() -> str | None:
    if not collect_ignore:
        return None
    return f"not collected, ../shared/data is not there: {', '.join(collect_ignore)}"
