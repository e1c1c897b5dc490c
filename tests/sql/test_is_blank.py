"""A value that is missing, null, empty or white space is blank; anything else is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.ledger_driver import Driver

BLANK: list[Any] = [None, "", " ", "\n\t\r ", [], {}]
FILLED: list[Any] = ["x", " x ", 0, False, [""], {"a": None}, 0.0, "null"]


@pytest.mark.parametrize("value", BLANK, ids=repr)
def test_this_is_blank(ledger: Driver, value: Any) -> None:
    assert ledger.value("select is_blank(%s::jsonb)", json.dumps(value)) is True


@pytest.mark.parametrize("value", FILLED, ids=repr)
def test_this_is_not_blank(ledger: Driver, value: Any) -> None:
    assert ledger.value("select is_blank(%s::jsonb)", json.dumps(value)) is False


def test_a_missing_key_is_blank(ledger: Driver) -> None:
    assert ledger.value("select is_blank('{}'::jsonb -> 'role')") is True
