"""Cleaning on recorded answers of real boards and on a history of real postings."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from ty_pipeline.sources.text import clean_description

FEEDS = Path(__file__).parents[3] / ".." / "shared" / "data"
ANSWERS = sorted((FEEDS / "payloads").glob("*/*.json"))
MARKUP = re.compile(
    r"</?(?:p|div|span|ul|li|strong|br|h\d)\b|&(?:lt|gt|amp|nbsp|quot);", re.IGNORECASE
)


def long_texts(value: Any) -> Iterator[str]:
    """Every text of an answer that is as long as a posting's."""
    match value:
        case str() if len(value) > 300:
            yield value
        case dict():
            for inner in value.values():
                yield from long_texts(inner)
        case list():
            for inner in value:
                yield from long_texts(inner)


def history() -> list[str]:
    with gzip.open(FEEDS / "postings_history.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["description"] for line in lines]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda path: path.stem)
def test_texts_of_boards_come_out_without_markup_and_stay_so(answer: Path) -> None:
    for text in long_texts(json.loads(answer.read_text("utf-8"))):
        cleaned = clean_description(text)
        assert len(cleaned) > 100
        assert not MARKUP.search(cleaned)
        assert clean_description(cleaned) == cleaned


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda path: path.stem)
def test_no_word_of_a_boards_text_is_lost(answer: Path) -> None:
    for text in long_texts(json.loads(answer.read_text("utf-8"))):
        words = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", unescape(unescape(text))))
        cleaned = "".join(clean_description(text).split())
        assert [word for word in words if word not in cleaned] == []


def test_plain_texts_keep_their_words_lines_and_paragraphs() -> None:
    for text in history():
        cleaned = clean_description(text)
        assert clean_description(cleaned) == cleaned
        paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
        assert abs(cleaned.count("\n\n") + 1 - len(paragraphs)) <= 2
        assert "".join(cleaned.split())[:500] in re.sub(r"[\s\u200b\ufeff\u00ad\u2060]", "", text)


def test_escaped_html_is_the_same_text_as_html() -> None:
    for text in history()[:100]:
        html = "".join(f"<p class='x'>{escape(part)}</p>" for part in text.split("\n\n"))
        assert clean_description(escape(html)) == clean_description(html)
