"""What an operator sees: the real service, the real daemon, a real Chromium."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.browser.chromium import Page, chromium
from tests.browser.running_service import LOOK_BACK, PARTITIONS, RunningService, running_service
from ty_pipeline.assets.audit import check_name
from ty_pipeline.ledger.audits import AUDITS
from ty_pipeline.partitions import build_partitions
from ty_pipeline.sources.registry import load_sources

pytestmark = pytest.mark.long

GROUPS = {
    "fetched_jobs": "intake",
    "staged_postings": "intake",
    "postings": "intake",
    "extracted_summaries": "summary",
    "graded_summaries": "summary",
    "published_summaries": "summary",
    "posting_skills": "skills",
    "ihl_scores": "ihl",
    "pipeline_report": "oversight",
    "ledger_audit": "oversight",
}
BACKFILL = """mutation ($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) { __typename
    ... on LaunchBackfillSuccess { backfillId } ... on Error { message } } }"""
LAST_LABEL = {"pipeline_report": "cost by step", "ledger_audit": "audit_lost_events"}
PHRASE = 40  # characters that no two texts share by chance


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A browser before the service, which remembers all it has shown."""

    service: RunningService
    page: Page
    seen: list[str] = field(default_factory=list)  # the DOM of every page looked at

    def open(self, path: str, *shown: str) -> str:
        """The text of a page of the UI, as soon as ``shown`` is on it."""
        text = self.page.open(self.service.ui + path, *shown)
        self.seen.append(self.page.dom())
        return text


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    home = tmp_path_factory.mktemp("browser") / "home"
    with chromium() as page, running_service(home) as service:
        page.resize(width=1400, height=1400)
        service.launch(LOOK_BACK)
        yield Screen(service=service, page=page)


def partition_page(asset: str, key: str) -> str:
    return f"/assets/{asset}?view=partitions&partition={key.replace('|', '%7C')}"


def rows(text: str) -> dict[str, str]:
    """What stands behind each label of a table of metadata."""
    return dict(re.findall(r"^([a-z][a-z_ ]*)\s+([\d.]+)$", text, re.MULTILINE))


def test_the_catalogue_lists_every_asset_in_its_group(screen: Screen) -> None:
    partitions = len(build_partitions(load_sources(None)).get_partition_keys())
    lines = screen.open("/assets", *GROUPS, f"{partitions:,}").splitlines()
    for asset, group in GROUPS.items():
        below = lines[lines.index(asset) :][:6]
        assert group in below, below


@pytest.mark.parametrize("asset", ["extracted_summaries", "graded_summaries", "ihl_scores"])
def test_the_page_of_a_partition_shows_what_the_ledger_counts(screen: Screen, asset: str) -> None:
    key = PARTITIONS[0]
    shown = rows(screen.open(partition_page(asset, key), "Materialized", "remaining", "examples"))
    ((claimed, reused),) = screen.service.ask(
        "select count(*), count(reused_from) from run_interactions"
        f" where asset_name = '{asset}' and partition_key = '{key}'"
    )
    assert claimed > reused > 0
    assert (shown["claimed"], shown["reused"]) == (str(claimed), str(reused))
    assert (shown["failed"], shown["remaining"]) == ("0", "0")


def test_the_page_of_a_partition_leads_to_its_interactions(screen: Screen) -> None:
    text = screen.open(partition_page("ihl_scores", PARTITIONS[0]), "examples")
    assert "ty-pipeline psql" in text
    assert f"dagster_run_id = '{screen.service.first_run_id}'" in text
    assert re.search(r"ty-pipeline trace \d+", text)


def test_the_page_of_the_first_run_says_that_it_succeeded(screen: Screen) -> None:
    path = f"/runs/{screen.service.first_run_id}"
    text = screen.open(path, "RUN_SUCCESS", "8 assets")
    assert "Success" in text.split("Run of")[0]
    assert "Errored (0)" in text


def test_every_check_of_the_audit_has_succeeded(screen: Screen) -> None:
    last = max(check_name(audit) for audit in AUDITS)
    text = screen.open("/assets/ledger_audit?view=checks", f"{last}\nSucceeded", "Passed")
    assert text.count("Succeeded") == len(AUDITS)
    assert f"Checks ({len(AUDITS)})" in text
    assert "ty-pipeline psql -c 'table audit_" in text


def test_the_report_shows_its_plots(screen: Screen) -> None:
    screen.open("/assets/pipeline_report", "[Show Markdown]", "skills per")
    screen.page.click("[Show Markdown]")
    screen.page.wait_for("Close")
    title = "Postings by step and state"
    width = f"document.querySelector('img[alt=\"{title}\"]')?.naturalWidth ?? 0"
    assert screen.page.evaluate(width) > 300


def test_a_range_asked_for_again_completes_and_does_nothing_twice(screen: Screen) -> None:
    service, interactions = screen.service, "select count(*) from interactions"
    before = service.ask(interactions)
    assets = [{"path": [asset]} for asset, group in GROUPS.items() if group != "oversight"]
    params = {"assetSelection": assets, "partitionNames": list(PARTITIONS[:2])}
    body = json.dumps({"query": BACKFILL, "variables": {"params": params}})
    ask = (
        "fetch('/graphql', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        f" body: {json.dumps(body)}}}).then(answer => answer.json())"
    )
    launched = screen.page.evaluate(ask)["data"]["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched
    path = f"/runs/b/{launched['backfillId']}"
    text = screen.page.open(service.ui + path, "Status\nSucceeded", seconds=120)
    assert text.count("100% completed") == len(assets)
    text = screen.open(partition_page("ihl_scores", PARTITIONS[1]), "Materialized", "claimed")
    assert rows(text)["claimed"] == "0"
    assert "View all historical events (2)" in text
    assert service.ask(interactions) == before


def test_no_page_holds_text_of_a_posting(screen: Screen) -> None:
    for asset in GROUPS:
        screen.open(f"/assets/{asset}?view=overview", LAST_LABEL.get(asset, "ledger version"))
    shown = " ".join(html.unescape(" ".join(screen.seen)).split())
    assert "extract_summary" in shown  # it is the pages that are searched
    texts = screen.service.ask("select description from posting_versions where description <> ''")
    phrases = {phrase for (text,) in texts for phrase in phrases_of(text)}
    assert len(phrases) > 1000
    assert [phrase for phrase in phrases if phrase in shown] == []


def phrases_of(text: str) -> Iterator[str]:
    words = " ".join(text.split())
    for start in range(0, len(words) - PHRASE + 1, PHRASE):
        yield words[start : start + PHRASE]
