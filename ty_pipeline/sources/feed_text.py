"""A feed file as text: opened, decompressed, decoded and cut into lines, a piece at a time.

What belongs here: bytes and characters. What does not: rows (``csv_records.py``,
``json_records.py``).

Bytes that are not valid in the encoding become lone surrogates (``surrogateescape``), so that one
broken row is broken and no more; ``is_valid`` tells and ``shown`` makes them visible.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import cast

from ty_pipeline.errors import FeedUnreadable

MAX_ROW = 4_000_000  # characters; a longer row is set aside, so that memory stays flat

_PIECE = 1 << 16  # bytes read at once


def read_text(feed: Path, encoding: str) -> Iterator[str]:
    """The text of ``feed``, without a byte-order mark, in pieces of about 64 kB.

    Raises:
        FeedUnreadable: the file is missing, is not what its name says or ends early; every piece
            before that was yielded.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors="surrogateescape")
    start = True
    try:
        for piece in chain(_read_bytes(feed), [b""]):
            text = decoder.decode(piece, final=not piece)
            yield text.removeprefix("\ufeff") if start else text
            start = start and not text
    except UnicodeDecodeError as error:
        raise FeedUnreadable(f"{feed} is not {encoding} text.") from error


def lines(texts: Iterable[str]) -> Iterator[str]:
    """Cut ``texts`` after each line feed; of a line longer than ``MAX_ROW`` the rest is dropped."""
    rest, dropping = "", False
    for text in texts:
        *whole, rest = (rest + text).split("\n")
        if whole and dropping:
            del whole[0]
            dropping = False
        yield from (line + "\n" for line in whole)
        if dropping:
            rest = ""
        elif len(rest) > MAX_ROW:
            yield rest
            rest, dropping = "", True
    if rest:
        yield rest


def is_valid(text: str) -> bool:
    """Whether every byte of ``text`` was valid in its encoding."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def shown(text: str) -> str:
    """``text`` with each invalid byte written as ``\\x80``."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _read_bytes(feed: Path) -> Iterator[bytes]:
    try:
        with _opened(feed) as file:
            while piece := file.read1(_PIECE):
                yield piece
    except EOFError as error:
        raise FeedUnreadable(
            f"{feed} ends in the middle of its compressed data; fetch the file again."
        ) from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise FeedUnreadable(f"{feed} is not a sound gzip file: {error}.") from error
    except OSError as error:
        raise FeedUnreadable(f"{feed} cannot be read: {error.strerror or error}.") from error


def _opened(feed: Path) -> io.BufferedReader:
    if feed.suffix == ".gz":
        return cast(io.BufferedReader, gzip.open(feed))  # GzipFile has read1 as well
    return feed.open("rb")
