"""Text of a posting on a terminal: shown, never obeyed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ty_pipeline.cli.terminal import one_line, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[H", "\\x1b[2J\\x1b[H"),
        ("\x9b31m", "\\x9b31m"),
        ("bell\x07", "bell\\x07"),
        ("over\rwrite", "over\\rwrite"),
        ("back\x08space", "back\\x08space"),
        ("\u202efdp.exe", "\\u202efdp.exe"),
        ("\u2066hidden\u2069", "\\u2066hidden\\u2069"),
        ("a\U000e0041b", "a\\U000e0041b"),
        ("lone \ud800", "lone \\ud800"),
        ("line\u2028end", "line\\u2028end"),
        ("nul\x00", "nul\\x00"),
    ],
)
def test_what_would_act_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Größe, Straße: 90 % · „fest“",
        "👩‍💻 Entwickler:in",
        "naïve café",
        "数据",
        "a\tb\nc",
        "soft\u00adhyphen",
    ],
)
def test_ordinary_text_of_any_language_is_left_alone(text: str) -> None:
    assert printable(text) == text


def test_windows_line_ends_are_line_ends() -> None:
    assert printable("a\r\nb") == "a\nb"


def test_one_line_is_one_line() -> None:
    assert one_line("a\nb\tc\x1bd") == "a\\nb c\\x1bd"


@given(st.text(st.characters(codec=None)))
def test_no_control_character_is_ever_left(text: str) -> None:
    left = {unicodedata.category(c) for c in printable(text) if c not in "\n\t\u00ad\u200c\u200d"}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "\n" not in one_line(text)


@given(st.text())
def test_what_is_printable_stays_as_it_is(text: str) -> None:
    assert printable(printable(text)) == printable(text)
