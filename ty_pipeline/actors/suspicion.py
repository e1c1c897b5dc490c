"""Finds text in a posting that must not reach a summary: words to a machine, and contact data.

Belongs here: patterns for prompt injection, addresses and numbers by which a person is reached,
left-over placeholders. Not here: what is done about them (``sections.py`` sets instructions aside,
``grounding.py`` marks a summary down).

The patterns are narrow on purpose: an advert that asks for knowledge of prompt injection is an
advert. They are a second line; the first is that posting text is only ever data to these actors.
"""

from __future__ import annotations

import re
from typing import Final

_TO_A_MACHINE = re.compile(
    r"\b(?:ignor(?:e|ing)|disregard|forget|override|bypass) (?:\w+ ){0,3}?(?:previous|prior|above|"
    r"earlier|preceding|all|any|other|system|safety) (?:\w+ ){0,2}?(?:instructions?|prompts?|rules|"
    r"directions|guidelines|commands)\b"
    r"|\b(?:new|updated|hidden|secret) instructions? (?:for|to) (?:the |an? )?(?:ai|assistant|"
    r"model|system|llm)\b"
    r"|\b(?:attention|note|message|dear|hey),? (?:to |for )?(?:all |any |the )?(?:ai|llms?|language "
    r"models?|chatbots?)\b(?! (?:engineers?|experts?|teams?))"
    r"|\byou are (?:now )?(?:an? |the )?(?:\w+ )?(?:language model|ai (?:assistant|model|"
    r"language model|agent|system)|chatbot|chatgpt|gpt)\b"
    r"|\bas an? (?:ai|large) (?:language )?model\b"
    r"|\b(?:system|developer) (?:prompt|message)\s*:|<\|?(?:system|im_start|im_end|endoftext)\b"
    r"|\[/?inst\]|</?(?:system|assistant|instructions?)>"
    r"|\bif you are (?:an? )?(?:ai|llm|language model|bot)\b"
    r"|\b(?:reveal|print|repeat|output) (?:\w+ ){0,2}?(?:system prompt|your (?:instructions|prompt))"
    r"|\b(?:ignoriere?n?|missachten?|vergiss|vergessen sie) (?:\w+ ){0,3}?(?:anweisung\w*|"
    r"instruktion\w*|vorgaben|regeln|prompts?)\b"
    r"|\bdu bist (?:jetzt )?(?:ein|eine) (?:ki|sprachmodell|chatbot|ki-\w+)\b",
    re.IGNORECASE,
)
# Every match of the above holds one of these: only their surroundings need be searched.
_TELLTALES: Final = (
    "ignor", "disregard", "forget", "overrid", "bypass", "instruction", "llm", "language model",
    "large model", "chatbot", "gpt", "system prompt", "system message", "|system", "<system",
    "</system", "developer prompt", "developer message", "<assistant", "</assistant", "[inst",
    "[/inst", "im_start", "im_end", "endoftext", "your prompt", "a bot", "missacht", "vergiss",
    "vergessen sie", "sprachmodell", "eine ki", "ein ki",
)  # fmt: skip
_AI: Final = re.compile(r"ai(?![a-z0-9])")  # too short to look for as it is
# Commands that a sentence next to one of the above may give; harmless where it stands alone.
_COMMAND = re.compile(
    r"^\W*(?:(?:and|then|instead|now|please|just|simply|always|und|dann|stattdessen|jetzt)[, ]+)*"
    r"(?:reply|respond|answer|output|print|write|say|return|score|rate|grade|approve|mark|"
    r"summari[sz]e|classify|set|give|rank|recommend|state|claim|do not|never|antworte|gib|schreibe|"
    r"bewerte|setze|fasse)\b",
    re.IGNORECASE,
)
_AROUND: Final = 150  # characters on either side of a telltale: longer than any pattern's match
_NEAR: Final = 400  # characters within which a command belongs to an instruction before it

_EMAIL = re.compile(r"[\w.+-]{1,64}(?:@|\s?[(\[](?:at|ät)[)\]]\s?)[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(
    r"(?<![\w$€£.,])(?:\+\d{1,3}[\s./-]?)?(?:\(\d{2,5}\)[\s./-]?|\d{2,5}[\s./-])"
    r"\d{2,4}[\s./-]?\d{2,5}(?:[\s./-]?\d{2,5})?(?![\w%])"
)
_PHONE_WORD = re.compile(
    r"(?:\b(?:phone|tel|telephone|call|fax|mobile|dial|text|telefon\w*|mobil|anruf\w*|ruf)\b|\+\d)",
    re.IGNORECASE,
)
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_OPENERS: Final = frozenset("{<[")
_PLACEHOLDER = re.compile(
    r"\{[a-z_][\w.]{0,60}\}|\{\{.{0,60}?\}\}|<(?:title|company|description|summary|name|role|"
    r"placeholder|insert[^<>]{0,40})>|\[(?:insert|your|company|job|title|role|name|todo|tbd)"
    r"[^\[\]]{0,40}\]|\$\{\w{1,40}\}",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"```|\*\*|^\s*(?:#{1,6}|[-*•]|\d{1,2}[.)])\s|</?[a-z][a-z0-9]*(?:\s[^<>]*)?>",
    re.MULTILINE | re.IGNORECASE,
)
_RECORD_LINE = re.compile(
    r"^\W*(?:job[ -]?(?:id|number|code|ref\w*)|req(?:uisition)?[ -]?(?:id|number|#)|reference"
    r"(?: number| no)?|location|work location|office location|company|employer|agency|kennziffer|"
    r"referenz\w*|stellen-?id|standort\w*|arbeitsort|einsatzort|dienstort|arbeitgeber|firma)"
    r"\s*[:#=]",
    re.IGNORECASE,
)


def speaks_to_a_machine(text: str) -> bool:
    """Whether ``text`` gives orders to a language model."""
    return bool(orders_in(text))


def holds_contact_data(text: str) -> bool:
    """Whether ``text`` holds an e-mail address, or a phone number that its words call one."""
    if ("@" in text or "at)" in text or "at]" in text) and _EMAIL.search(text) is not None:
        return True
    return _PHONE.search(text) is not None and _PHONE_WORD.search(text) is not None


def holds_web_address(text: str) -> bool:
    """Whether ``text`` holds a web address."""
    return _WEB.search(text) is not None


def holds_placeholder(text: str) -> bool:
    """Whether ``text`` holds what a template left unfilled."""
    if not _OPENERS.isdisjoint(text):
        return _PLACEHOLDER.search(text) is not None
    return "orem ipsum" in text or "TODO" in text or "XXXX" in text


def holds_markup(text: str) -> bool:
    """Whether ``text`` holds markup, or opens with the mark of a list."""
    return _MARKUP.search(text) is not None


def is_record_line(text: str) -> bool:
    """Whether ``text`` states location, job id or company: ``format_summary`` writes those."""
    return _RECORD_LINE.match(text) is not None


class InstructionFilter:
    """Knows where a description speaks to a machine, so that each sentence can be asked."""

    def __init__(self, description: str) -> None:
        self._spots = orders_in(description)

    def catches(self, start: int, end: int, text: str) -> bool:
        """Whether the sentence at these offsets is such an order or a command that follows one."""
        if not self._spots:
            return False
        if any(first < end and start < last for first, last in self._spots):
            return True
        follows = any(0 <= start - last < _NEAR for _, last in self._spots)
        return follows and _COMMAND.match(text) is not None


def orders_in(text: str) -> list[tuple[int, int]]:
    """The spans of the orders to a machine in ``text``."""
    return [
        match.span()
        for start, end in _windows(text.lower())
        for match in _TO_A_MACHINE.finditer(text, start, end)
    ]


def _windows(lowered: str) -> list[tuple[int, int]]:
    """The stretches around telltale words, in order and apart: all that need be searched."""
    spots = [match.start() for match in _AI.finditer(lowered)]
    for telltale in _TELLTALES:
        spot = lowered.find(telltale)
        while spot >= 0:
            spots.append(spot)
            spot = lowered.find(telltale, spot + len(telltale))
    merged: list[tuple[int, int]] = []
    for spot in sorted(spots):
        start, end = max(spot - _AROUND, 0), spot + _AROUND
        if merged and start <= merged[-1][1]:
            start = merged.pop()[0]
        merged.append((start, end))
    return merged
