"""What cleaning does to a text, and what it must leave alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ty_pipeline.sources.text import clean_description, clean_text, json_safe

PIECES = [
    *("<", ">", "&", ";", "/", "=", '"', "'", "<p>", "</p>", "<br>", "<li>", "</li>", "<ul>"),
    *("<td>", "<div class='x'>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>"),
    *("<svg>", "<T>", "<o:p>", '<a href="&quot;">', "&lt;", "&gt;", "&amp;", "amp;", "lt;"),
    *("&#38;", "&#x3c;", "&nbsp;", "&shy;", "&#1;", "&#150;", " ", "\n", "\n\n", "\t", "\r", "-"),
    *("- ", "\u2022", "\xe2\u20ac\u2122", "\xc3\xa9", "\xc3", "\x80", "\x9d", "\x00", "\ud800"),
    *("\ufeff", "\u037e", "\u0338", "e\u0301", "\u2028", "\x0b", "\x85", "\xa0", "\u221a\xa9"),
]
hostile_texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=14).map(
    "".join
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(max_examples=1500, deadline=None)
@given(hostile_texts | st.text())
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    for clean in (clean_text, clean_description):
        assert clean(clean(raw)) == clean(raw)


@settings(max_examples=500, deadline=None)
@given(hostile_texts)
def test_a_cleaned_text_can_be_stored_and_shown(raw: str) -> None:
    text = clean_description(raw)
    text.encode("utf-8")
    assert "\0" not in text
    assert "\n\n\n" not in text
    assert "  " not in text
    assert "\n" not in clean_text(raw)


@pytest.mark.parametrize(
    "text",
    [
        "Experience < 5 years, salary > 50k & a car",
        "if a<b and c>d then List<T> x = new List<T>();",
        "Dear <your name>, see <http://example.org/a?b=1&copy=2>",
        "R&D; Q&A; AT&T; &notit; and 1 &lt 2",
        "5 <- 6 -> 7, <3, </>",
        "Follow our <style guide> and <script writers> to the end -->",
        "Line one\nLine two\n\n- item",
        "Caf\xe9 \u201cZur Gr\xf6\xdfe\u201d \u2013 \xe0 la carte",
    ],
)
def test_plain_text_is_not_damaged(text: str) -> None:
    assert clean_description(text) == text


def test_blocks_become_lines_and_list_items_dashes() -> None:
    html = (
        "<div><h2>You will</h2><ul><li><p>write <b>SQL</b></p></li><li>test</li></ul>"
        "<p>You get:<br>tea<br><br>and cake</p><table><tr><td>Pay</td><td>50k</td></tr>"
        "<tr><td>Hours</td><td>40</td></tr></table></div>"
    )
    assert clean_description(html) == (
        "You will\n\n- write SQL\n- test\n\nYou get:\ntea\n\nand cake\n\nPay | 50k\nHours | 40"
    )


def test_an_empty_line_made_of_blocks_is_one_blank_line() -> None:
    html = "<div>one</div><div><br></div><div>&nbsp;</div><div>two</div><div>three</div>"
    assert clean_description(html) == "one\n\ntwo\nthree"


def test_empty_list_items_leave_nothing() -> None:
    assert clean_description("<ul><li>a</li><li> </li><li></li></ul><p>b</p>") == "- a\n\nb"


def test_line_ends_of_html_source_are_spaces() -> None:
    html = "<p>\n  A sentence that\n  goes on.\n</p>\n\n<p>\n  Another.\n</p>\n"
    assert clean_description(html) == "A sentence that goes on.\n\nAnother."


def test_line_ends_stay_where_they_are_what_breaks_the_lines() -> None:
    text = "\n".join(f"line {number}" for number in range(20))
    assert clean_description(text + "<br>end") == text + "\nend"


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_escaped_html_is_read_as_html(levels: int) -> None:
    html = '<p class="a">Fish &amp; chips</p><p data-x="{&quot;y&quot;:1}">Tea &lt; coffee</p>'
    for _ in range(levels):
        html = html.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    assert clean_description(html) == "Fish & chips\n\nTea < coffee"


def test_entities_are_decoded_however_often_they_were_escaped() -> None:
    assert clean_text("R&amp;D") == clean_text("R&amp;amp;D") == clean_text("R&#38;amp;D") == "R&D"
    assert clean_text("M&uuml;nchen&nbsp;&ndash; &#8364;&#x31;") == "M\xfcnchen \u2013 \u20ac1"


def test_scripts_styles_and_comments_are_no_text() -> None:
    html = (
        "<style>p{color:red}</style><p>a<!-- note --></p><script>if (x<1) alert('<p>')</script>"
        "<SCRIPT type='t'>1</SCRIPT><p>b</p><![CDATA[c]]>"
    )
    assert clean_description(html) == "a\n\nb\n\nc"


def test_tags_of_word_processors_are_tags() -> None:
    assert clean_description("<p>a<o:p></o:p></p><![if !x]><p>b</p><![endif]>") == "a\n\nb"


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("New York City\xe2\u20ac\u2122s caf\xc3\xa9", "New York City\u2019s caf\xe9"),
        ("\xe2\u20ac\u0153essential.\xe2\u20ac\x9d", "\u201cessential.\u201d"),
        ("f\xc3\xbcr Gr\xc3\xb6\xc3\u0178e", "f\xfcr Gr\xf6\xdfe"),
        ("voil\xc3  un caf\xc3\xa9", "voil\xe0 un caf\xe9"),
        ("9 \x96 5, it\x92s", "9 \u2013 5, it\u2019s"),
    ],
)
def test_mojibake_is_repaired(broken: str, right: str) -> None:
    assert clean_description(broken) == right


def test_mojibake_in_one_word_leaves_the_other_words_alone() -> None:
    text = "Zur\xfcck \u2014 \u4e2d\u6587 it\xe2\u20ac\u2122s S\xc3O caf\xe9\u201d"
    assert clean_description(text) == "Zur\xfcck \u2014 \u4e2d\u6587 it\u2019s S\xc3O caf\xe9\u201d"


def test_what_cannot_be_seen_is_dropped() -> None:
    assert clean_text("a\x00b\ud800c\u200bd\ufeffe\u202ef\x1bg\u00adh") == "abcdefgh"
    assert clean_text("hid\U000e0041\U000e0042den") == "hidden"


def test_emoji_and_composed_letters_are_kept() -> None:
    assert clean_text("\U0001f680 Engineer \U0001f469\u200d\U0001f4bb") == (
        "\U0001f680 Engineer \U0001f469\u200d\U0001f4bb"
    )
    assert clean_text("Cafe\u0301") == "Caf\xe9"


def test_spaces_and_blank_lines_collapse() -> None:
    raw = "a \t b\xa0\u2009c\r\n\r\n\r\n\r\n d \u2028e"
    assert clean_description(raw) == "a b c\n\nd\ne"
    assert clean_text(raw) == "a b c d e"


def test_signs_of_lists_become_dashes() -> None:
    assert clean_description("\u2022\tone\n\u25cf two\n\u2022\nthree\n- four") == (
        "- one\n- two\n- three\n- four"
    )
    assert clean_text("\u2022 Engineer") == clean_text("<li>Engineer</li>") == "Engineer"


@pytest.mark.parametrize("blank", ["", "   ", "\0", "<p>&nbsp;</p>", "\u200b", "<br><br>"])
def test_what_holds_no_text_is_empty(blank: str) -> None:
    assert clean_description(blank) == clean_text(blank) == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "&" + "amp;" * 20_000 + "lt;",
        "<a " + "x=" * 50_000,
        "<a " * 20_000,
        "<" * 50_000,
        '<a "' * 20_000,
        "<p>" * 30_000,
        "<div>\n" * 20_000,
        "<!--" * 20_000,
        "<script>" * 5_000,
        "&#38;" * 20_000,
        "\n \n" * 30_000,
        "\u2022 " * 30_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_text_is_cleaned_like_any_other(hostile: str) -> None:
    cleaned = clean_description(hostile)
    assert clean_description(cleaned) == cleaned


@settings(deadline=None)
@given(json_values)
def test_a_raw_row_is_json_that_postgresql_takes(value: Any) -> None:
    text = json.dumps(json_safe(value), allow_nan=False, ensure_ascii=False)
    text.encode("utf-8")
    assert "\0" not in json.dumps(json_safe(value)).encode("ascii").decode("unicode_escape")


def test_nothing_of_a_raw_row_is_lost() -> None:
    raw = {"a\0": ["x\ud800y", 1, None, True, float("nan")], "b": {"c": b"\xff"}}
    assert json_safe(raw) == {
        "a\\u0000": ["x\\ud800y", 1, None, True, "nan"],
        "b": {"c": "\\xff"},
    }


def test_what_is_nested_too_deep_is_kept_as_text() -> None:
    deep: Any = "end"
    for _ in range(90):
        deep = [deep]
    safe = json_safe(deep)
    for _ in range(64):
        assert len(safe) == 1
        safe = safe[0]
    assert safe == "[" * 26 + '"end"' + "]" * 26
