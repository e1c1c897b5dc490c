"""Text from outside, made safe for a terminal.

Belongs here: taking the power out of control characters. Not here: layout.

A posting may hold escape sequences that clear the screen, retitle the window or forge output, and
characters that turn the reading direction round. Each is shown as what it is, so nothing is lost and
nothing acts.
"""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\n\t")
# Joiners and the soft hyphen belong to words and emoji; other format characters reorder or hide.
_HARMLESS_FORMAT = frozenset("\u00ad\u200c\u200d")


def printable(text: str) -> str:
    """``text`` with every control, format and lone surrogate character shown as its escape."""
    plain = text.replace("\r\n", "\n")
    return "".join(c if _is_harmless(c) else _escape(c) for c in plain)


def one_line(text: str) -> str:
    """``printable``, and line breaks shown as escapes too."""
    return printable(text).replace("\n", "\\n").replace("\t", " ")


def _is_harmless(character: str) -> bool:
    if character.isascii():
        return character.isprintable() or character in _KEPT
    match unicodedata.category(character):
        case "Cc" | "Cs" | "Zl" | "Zp":
            return False
        case "Cf":
            return character in _HARMLESS_FORMAT
        case _:
            return True


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
