"""Markup to plain text: which ``<`` opens a tag, what a tag means for the line, what entities say.

What belongs here: tags, comments and entities, one level at a time. What does not: character
repair, spaces and blank lines, and the order of it all (``text.py``).

A posting is HTML, text, HTML escaped once more, or text with a stray tag; nobody says which. So a
``<`` counts as a tag only where a known element name and well-formed attributes follow it, and an
entity only with its semicolon: "experience < 5 years", ``List<T>`` and "R&D; Q&A" stay as they are.
Tags become marks (control characters, which cleaned text never holds), because attributes may hold
entities of their own and must be gone before the text's entities are decoded. Only elements whose
content is not text (scripts, styles) need a real parser; walking its nodes in Python costs five
times as much as all of this module.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser

LINE, PARAGRAPH, ITEM, CELL, BREAK, ITEM_END = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06"

_INLINE = (
    "a abbr acronym applet area audio b base basefont bdi bdo bgsound big blink body button canvas"
    " cite code col colgroup data datalist del dfn em embed font frame frameset head html i img"
    " input ins kbd keygen label link map mark marquee meta meter nobr noembed noframes noscript"
    " object output param picture progress q rb rp rt rtc ruby s samp select slot small source span"
    " strike strong sub sup tbody textarea tfoot thead time track tt u var video wbr"
)
_LINES = (
    "address aside caption center dd details dialog dir div dt fieldset figcaption figure footer"
    " form header hgroup legend main menu nav optgroup option search summary tr"
)
_PARAGRAPHS = "article blockquote dl h1 h2 h3 h4 h5 h6 hr p plaintext pre section table title xmp"
_NOT_TEXT = ("iframe", "math", "script", "style", "svg", "template")

_OPENING = (
    dict.fromkeys(_LINES.split(), LINE)
    | dict.fromkeys(_PARAGRAPHS.split(), PARAGRAPH)
    | {"br": BREAK, "li": ITEM, "td": CELL, "th": CELL, "ul": LINE, "ol": LINE}
)
_CLOSING = (
    dict.fromkeys(_LINES.split(), LINE)
    | dict.fromkeys(_PARAGRAPHS.split(), PARAGRAPH)
    | {"br": BREAK, "li": ITEM_END, "ul": PARAGRAPH, "ol": PARAGRAPH}
)
_KNOWN = frozenset({*_INLINE.split(), *_NOT_TEXT, *_OPENING})
_FLAGS = (
    "allowfullscreen|async|checked|compact|contenteditable|controls|default|defer|disabled|hidden"
    "|ismap|itemscope|multiple|noshade|nowrap|readonly|required|reversed|selected"
)
# Possessive (*+) throughout: on hostile input a failed tag costs one pass, not every split of it.
_TAG = re.compile(
    rf"""<(/?)([A-Za-z][A-Za-z0-9]*+(?::\w++)?)
    (?: (?: [\s/]*[^\s"'<>=/]++\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]*+)
        | \s+(?:{_FLAGS})(?=[\s/>]) )*+ [\s/]*>
      | \s[^<>=]*=[^<>]*> )""",
    re.VERBOSE,
)
_NOT_TEXT_OPENING = re.compile(rf"<(?:{'|'.join(_NOT_TEXT)})[\s/>]", re.IGNORECASE)
_DECLARATION = re.compile(
    r"<!doctype\b[^<>]*>|<\?xml\b[^<>]*>|<!\[(?:if|endif)\b[^<>]*>", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff]")
_MARKS = LINE + PARAGRAPH + ITEM + CELL + BREAK + ITEM_END
_MARK = re.compile(f"[{_MARKS}]")
_RUN = re.compile(rf"[{_MARKS}][{_MARKS}\s]*")
_GAP = re.compile(r"(?<=[^\s\x01-\x06])[ \t]*\n[ \t]*\n\s*(?=[^\s\x01-\x06])")
_GAP = re.compile(f"{PARAGRAPH}|{BREAK}.*{BREAK}|{LINE}.*{BREAK}.*{LINE}", re.DOTALL)

# A wrapped HTML source has about as many line ends as tags; a text with a stray tag far more.
_LINES_PER_MARK = 4


def has_markup(text: str) -> bool:
    """Whether ``text`` holds anything that ``without_markup`` would change."""
    if "&" in text and any(_decoded(found) != found[0] for found in _ENTITY.finditer(text)):
        return True
    return "<" in text and (
        any(_mark(found) != found[0] for found in _TAG.finditer(text))
        or _DECLARATION.search(text) is not None
        or _COMMENT.search(_up_to_last(text, "-->")) is not None
        or _CDATA.search(_up_to_last(text, "]]>")) is not None
    )


def without_markup(text: str, levels: int = 8) -> str:
    """Turn tags into line breaks and decode entities, until none is left or ``levels`` are done.

    Eight levels are far beyond what boards send (JOB_BOARDS.md: escaped twice at the most).
    """
    for _ in range(levels):
        before = text
        if "<" in text:
            text = _without_tags(text)
        if "&" in text:
            text = _ENTITY.sub(_decoded, text)
        if text == before:
            break
    return _laid_out(text) if _MARK.search(text) else text


def _without_tags(text: str) -> str:
    text = _without_pairs(text, _CDATA, "]]>", r"\1")
    text = _DECLARATION.sub("", _without_pairs(text, _COMMENT, "-->", ""))
    if _NOT_TEXT_OPENING.search(text) and any(map(_opens_script, _TAG.finditer(text))):
        text = _without_scripts(text)
    return _TAG.sub(_mark, text)


def _without_pairs(text: str, pair: re.Pattern[str], closing: str, put: str) -> str:
    closed = _up_to_last(text, closing)
    return pair.sub(put, closed) + text[len(closed) :] if closed else text


def _up_to_last(text: str, closing: str) -> str:
    """Only here can each opening find its closing: looking elsewhere takes quadratic time."""
    return text[: text.rfind(closing) + len(closing)] if closing in text else ""


def _opens_script(tag: re.Match[str]) -> bool:
    return not tag[1] and tag[2].lower() in _NOT_TEXT


def _without_scripts(text: str) -> str:
    tree = LexborHTMLParser(text)
    tree.strip_tags(list(_NOT_TEXT))
    return (tree.body.html or "") if tree.body is not None else ""


def _mark(tag: re.Match[str]) -> str:
    mark = _mark_of(tag[1], tag[2])
    return tag[0] if mark is None else mark


@lru_cache(maxsize=4096)
def _mark_of(slash: str, name: str) -> str | None:
    """The mark of a tag, '' for one within a line, None for what is no tag at all."""
    if name.lower() not in _KNOWN and ":" not in name:
        return None
    return (_CLOSING if slash else _OPENING).get(name.lower(), "")


def _decoded(entity: re.Match[str]) -> str:
    return _decode(entity[0])


@lru_cache(maxsize=4096)
def _decode(entity: str) -> str:
    if entity[1] != "#" and entity[1:] not in html5:
        return entity  # html.unescape takes a beginning for the whole: &notit; is not &not + it;
    return _UNPRINTABLE.sub("", html.unescape(entity))


def _laid_out(marked: str) -> str:
    if "\n" in marked:
        marked = _without_source_lines(marked)
    return _RUN.sub(lambda run: _break(run[0]), marked)


def _without_source_lines(marked: str) -> str:
    """Line ends of HTML source mean a space, unless they are what breaks the lines of this text."""
    lines = [line.strip() for line in marked.split("\n")]
    inner = sum(_is_inner(*pair) for pair in pairwise(lines))
    if inner > _LINES_PER_MARK * len(_MARK.findall(marked)):
        return marked
    return "".join(_joined(lines))


def _is_inner(line: str, following: str) -> bool:
    return bool(line and following) and line[-1] not in _MARKS and following[0] not in _MARKS


def _joined(lines: list[str]) -> Iterator[str]:
    """The lines of a source as one; a blank line within its text means a paragraph."""
    previous, gap = "", False
    for line in lines:
        if line and previous:
            yield PARAGRAPH if gap and _is_inner(previous, line) else " "
        yield line
        previous, gap = line or previous, not line


@lru_cache(maxsize=4096)
def _break(run: str) -> str:
    """What a run of marks and spaces between two texts amounts to."""
    before, item, after = run.rpartition(ITEM)
    opens_item = bool(item) and ITEM_END not in after
    marks = (before if opens_item else run).rpartition(ITEM_END)[2]
    if not opens_item and not re.sub(rf"[\s{CELL}]", "", run):
        return " | "
    return ("\n\n" if _GAP.search(marks) else "\n") + ("- " if opens_item else "")
