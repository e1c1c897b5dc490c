"""What an actor of the summary steps is given: the posting, checked for being there at all.

Belongs here: reading bound inputs into values. Not here: binding them (``engine``), nor the shapes
of answers (``schema.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ty_pipeline.actors.suspicion import orders_in
from ty_pipeline.errors import PermanentActorError

TITLE_LENGTH: Final = 160  # characters of a title in a summary


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """The three texts of a posting that an actor sees; never location or job id."""

    title: str  # one line, not blank
    company: str  # one line; may be blank
    description: str  # cleaned text, not blank


def object_of(inputs: Mapping[str, Any], handle: str) -> Mapping[str, Any]:
    """The JSON object bound to ``handle``.

    Raises:
        PermanentActorError: nothing, or no object, is bound (``error_class`` invalid_input).
    """
    value = inputs.get(handle)
    if not isinstance(value, Mapping):
        raise _invalid(f"Input {handle} is missing: this step cannot be answered without it.")
    return value


def text_of(value: Mapping[str, Any], handle: str, field: str) -> str:
    """The text in ``field`` of the object bound to ``handle``; blank where it is absent.

    Raises:
        PermanentActorError: the field holds something other than text.
    """
    text = value.get(field)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise _invalid(f"Input {handle}.{field} must be text, not {type(text).__name__}.")
    return text


def posting_of(inputs: Mapping[str, Any]) -> Posting:
    """The posting bound to the handle ``posting``.

    Raises:
        PermanentActorError: it is missing, or its title or description is blank.
    """
    value = object_of(inputs, "posting")
    title, company, description = (
        text_of(value, "posting", field) for field in ("title", "company", "description")
    )
    for field, text in (("title", title), ("description", description)):
        if not text.strip():
            raise _invalid(f"Input posting.{field} is blank: there is nothing to work from.")
    return Posting(title=title, company=company, description=description)


def shown_title(posting: Posting) -> str:
    """The title as a summary shows it: one line, at most TITLE_LENGTH characters, and without
    what in it gives orders to a machine, unless nothing else is there."""
    whole = " ".join(posting.title.split())
    order = next((start for start, _ in orders_in(whole)), len(whole))
    title = whole[:order].rstrip(" –—-:,.;|(") if order < len(whole) else whole
    if len(title) > TITLE_LENGTH:
        end = title.rfind(" ", 0, TITLE_LENGTH)
        title = title[: end if end > 0 else TITLE_LENGTH].rstrip(" ,;:(–-")
    return title or whole[:TITLE_LENGTH]


def _invalid(message: str) -> PermanentActorError:
    return PermanentActorError(message, error_class="invalid_input")
