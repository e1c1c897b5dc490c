"""Cleaning of posting text: one text in, one text out, the same text for ever.

What belongs here: what a cleaned title and a cleaned description are, and what PostgreSQL can
store of a raw row. What does not: tags and entities (``markup.py``), which column holds what
(``mapping.py``).

Cleaned text is what is hashed, shown and sent to models (JOB_BOARDS.md, section 11, rules 2
and 5), so cleaning is deterministic and idempotent: ``clean(clean(x)) == clean(x)``.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import ftfy

from ty_pipeline.sources.markup import has_markup, without_markup

# Printable ASCII and white space as spaces: what may be wrong with a text is in what is left.
_PLAIN_AS_SPACE = bytes(
    32 if code in range(9, 14) or 32 <= code < 127 else code for code in range(256)
)
# Invisible characters: controls, lone surrogates, zero-width and direction marks, tag characters.
# Those between 0x80 and 0x9f stay until mojibake is repaired, which is made of them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060"
    "\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_C1 = re.compile("[\x80-\x9f]")
# A lead byte of UTF-8 and a following one, both read as Latin-1, Windows-1252 or Mac Roman.
_MOJIBAKE = re.compile(
    "[\xc2-\xf4][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
    "|\u201a\xc4|\u221a[\xa7-\xba]"
)
_WORDS = re.compile(r"([ \t\n]+)")
_BULLETS = "\u2022\u25aa\u25cf\u25e6\u2023\uf0b7"
_BULLET = re.compile(rf"^(?:- )?(?:[{_BULLETS}]\s*)+", re.MULTILINE)
_ITEM_SIGNS = re.compile(rf"^(?:-(?:\s+|$)|[{_BULLETS}]\s*)+", re.MULTILINE)
_MAX_ROUNDS = (
    8  # text that is still markup after so many rounds was made to be; it loses its < and &
)
_MAX_NESTING = 64  # levels of a raw row that are kept as structure

_UNSAFE = re.compile("[\x00\ud800-\udfff]")


def clean_text(raw: str) -> str:
    """Clean a title, company or location: one line, '' where nothing is left."""
    return _cleaned(raw, _one_line)


def clean_description(raw: str) -> str:
    """Clean a description: plain text, '' where nothing is left.

    Blocks become lines, paragraphs are one blank line apart, list items are ``- `` lines, scripts
    and styles are gone; a bare ``<`` or ``&`` stays.
    """
    return _cleaned(raw, _lines)


def json_safe(value: Any, nesting: int = _MAX_NESTING) -> Any:
    """Return ``value`` as JSON that PostgreSQL's jsonb takes; nothing of it is lost.

    NUL and lone surrogates become visible escapes (``\\u0000``), NaN and infinities text, and what
    is nested more than 64 levels deep its JSON text.
    """
    match value:
        case None | bool() | int():
            return value
        case str():
            return _escaped(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case _ if nesting == 0:
            return _escaped(json.dumps(value, default=str))
        case Mapping():
            return {_escaped(str(k)): json_safe(v, nesting - 1) for k, v in value.items()}
        case list() | tuple():
            return [json_safe(item, nesting - 1) for item in value]
        case bytes():
            return _escaped(value.decode("utf-8", "backslashreplace"))
        case _:
            return _escaped(str(value))


def _escaped(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _cleaned(raw: str, layout: Callable[[str], str]) -> str:
    text = raw
    for _ in range(_MAX_ROUNDS):
        text, before = _round(text, layout), text
        if text == before or not _is_unsettled(text):
            return text
    return layout(text.replace("<", " ").replace("&", " "))


def _round(text: str, layout: Callable[[str], str]) -> str:
    text = without_markup(_visible(text))
    if notable := _notable(text):
        text = unicodedata.normalize("NFC", _visible(_repaired(text, notable)))
    return layout(text)


def _is_unsettled(text: str) -> bool:
    """Whether another round could change a text that has been through one."""
    return has_markup(text) or "\xc3 " in text or _MOJIBAKE.search(_notable(text)) is not None


def _notable(text: str) -> str:
    """The runs of characters that are neither printable ASCII nor white space."""
    plain = text.encode("utf-8", "surrogatepass").translate(_PLAIN_AS_SPACE)
    return b" ".join(plain.split()).decode("utf-8", "surrogatepass")


def _visible(text: str) -> str:
    if _INVISIBLE.search(_notable(text)):
        text = _INVISIBLE.sub("", text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _repaired(text: str, notable: str) -> str:
    """Undo mojibake word by word: a repair that fails on one must not cost the others.

    On NYC Open Data's texts that gives what a repair of the whole gives, in a third of the time.
    """
    if _MOJIBAKE.search(notable):
        text = "".join(
            word if word.isascii() else _repaired_word(word) for word in _WORDS.split(text)
        )
    if "\xc3 " in text:  # an a with a grave accent, whose second byte became a plain space
        text = "\n".join(map(ftfy.fix_encoding, text.split("\n")))
    return _C1.sub(_windows_1252, text) if _C1.search(notable) else text


@lru_cache(maxsize=4096)
def _repaired_word(word: str) -> str:
    return ftfy.fix_encoding(word) if _MOJIBAKE.search(word) else word


def _windows_1252(control: re.Match[str]) -> str:
    """What a C1 control character was before Windows-1252 was read as Latin-1."""
    return control[0].encode("latin-1").decode("cp1252", "ignore")


def _lines(text: str) -> str:
    text = "\n".join(" ".join(line.split()) for line in text.splitlines())
    if not text.isascii():
        text = _BULLET.sub("- ", text)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def _one_line(text: str) -> str:
    return " ".join(_ITEM_SIGNS.sub("", _lines(text)).split())
