"""What a column mapping may say, and what a person is told where it is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ty_pipeline.errors import MappingError
from ty_pipeline.sources.dates import read_date
from ty_pipeline.sources.mapped_row import mapped_row
from ty_pipeline.sources.mapping import ColumnMapping, load_mapping, parse_mapping
from ty_pipeline.sources.row import JobRow, SetAside

BERLIN = ZoneInfo("Europe/Berlin")


def declared(**changes: Any) -> dict[str, Any]:
    """A mapping in its shortest form, with some keys changed; dots reach into tables."""
    table: dict[str, Any] = {
        "source_id": "acme",
        "label": "Acme",
        "timezone": "Europe/Berlin",
        "format": "jsonl",
        "columns": {
            "external_id": "id",
            "title": "title",
            "company": {"value": "Acme"},
            "description": "text",
        },
    }
    for key, value in changes.items():
        inner, _, name = key.rpartition("__")
        (table[inner] if inner else table)[name] = value
    return table


def mapping(**changes: Any) -> ColumnMapping:
    return parse_mapping(declared(**changes), "acme.toml")


def job_row(values: dict[str, Any], **changes: Any) -> JobRow:
    row = mapped_row({"id": "1", "title": "Clerk", "text": "Work"} | values, 1, mapping(**changes))
    assert isinstance(row, JobRow)
    return row


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"source_id": "Acme"}, "source_id"),
        ({"source_id": "1acme"}, "source_id"),
        ({"label": ""}, "label"),
        ({"timezone": "Berlin"}, "timezone: 'Berlin' is not the name of a time zone"),
        ({"format": "xml"}, "format"),
        ({"delimiter": ";;"}, "delimiter"),
        ({"encoding": "utf-9"}, "encoding: 'utf-9' is not the name of an encoding"),
        ({"encoding": "base64"}, "encoding"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"columns__titel": "x"}, "columns.titel: Extra inputs are not permitted"),
        ({"columns__title": 7}, "columns.title.0"),
        ({"columns__external_id": []}, "columns.external_id"),
        (
            {"columns__posted_on": {"formats": "iso8601"}},
            "columns.posted_on.column: Field required",
        ),
        ({"columns__description": [{"heading": "x"}]}, "columns.description.0.column"),
        (
            {"prefer": [{"column": "x"}]},
            "prefer.0: a rule has either equals or latest",
        ),
        ({"record_path": "jobs"}, "record_path is for the format json only"),
        (
            {"prefer": [{"column": "x", "equals": "y"}], "versions": {"column": "z"}},
            "prefer and versions exclude each other",
        ),
    ],
)
def test_a_wrong_mapping_is_one_sentence_naming_file_and_key(
    changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(MappingError) as caught:
        mapping(**changes)
    sentence = str(caught.value)
    assert sentence.startswith("The mapping acme.toml is wrong: ")
    assert named in sentence
    assert "\n" not in sentence


def test_a_mapping_that_is_not_toml_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text("source_id = ")
    with pytest.raises(MappingError, match=r"acme\.toml is not valid TOML"):
        load_mapping(path)


def test_a_mapping_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"gone\.toml cannot be read: No such file"):
        load_mapping(tmp_path / "gone.toml")


def test_the_shortest_mapping_gives_a_posting() -> None:
    row = job_row({"title": " <b>Clerk</b> ", "text": "<p>Work</p>"})
    assert (row.external_id, row.title, row.company) == ("1", "Clerk", "Acme")
    assert (row.description, row.locations, row.url, row.posted_on) == ("Work", (), None, None)


def test_an_id_of_several_columns_needs_all_of_them() -> None:
    changes = {"columns__external_id": ["board", "id"]}
    assert job_row({"board": "x", "id": 7}, **changes).external_id == "x:7"
    row = mapped_row({"id": 7, "title": "Clerk"}, 3, mapping(**changes))
    assert row == SetAside(
        row_number=3,
        reason='The row has no id ("board", "id" holds no text).',
        raw={"id": 7, "title": "Clerk"},
    )


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"id": " ", "title": "x"}, 'The row has no id ("id" holds no text).'),
        ({"id": None, "title": "x"}, 'The row has no id ("id" holds no text).'),
        ({"id": "y" * 201, "title": "x"}, "The row's id is longer than 200 characters."),
        ({"id": 1, "title": "<i></i>"}, 'The row has no title ("title" holds no text).'),
        ({"id": 1, "title": {"de": "x"}}, 'The row has no title ("title" holds no text).'),
    ],
)
def test_a_row_without_id_or_title_is_set_aside(values: dict[str, Any], reason: str) -> None:
    row = mapped_row(values, 5, mapping())
    assert row == SetAside(row_number=5, reason=reason, raw=values)


def test_an_id_can_be_stored_whatever_it_holds() -> None:
    assert job_row({"id": " a\0\ud800 b\n"}).external_id == "a\\u0000\\ud800 b"


def test_the_first_column_that_is_not_blank_counts() -> None:
    changes: dict[str, Any] = {
        "columns__title": ["title", "name"],
        "columns__company": {"columns": ["firm"], "value": "Acme"},
    }
    row = job_row({"title": " ", "name": "Cook", "firm": None}, **changes)
    assert (row.title, row.company) == ("Cook", "Acme")
    assert job_row({"firm": "Bolt"}, **changes).company == "Bolt"


def test_columns_of_objects_are_paths() -> None:
    row = job_row(
        {"place": {"name": "Ulm"}, "a.b": "c"},
        columns__locations="place.name",
        columns__company="a.b",
    )
    assert (row.locations, row.company) == (("Ulm",), "c")


def test_locations_come_from_columns_lists_and_separators() -> None:
    changes = {"columns__locations": {"columns": ["city", "more"], "separator": "|"}}
    row = job_row({"city": "Ulm | K&ouml;ln|", "more": ["Bonn", "", "Trier"]}, **changes)
    assert row.locations == ("Ulm", "K\xf6ln", "Bonn", "Trier")
    assert job_row({"city": "3 Locations"}, **changes).locations == ("3 Locations",)


def test_a_description_of_several_columns_has_a_heading_for_each() -> None:
    parts: list[Any] = ["text", {"column": "needs", "heading": "Requirements"}, "offer"]
    values = {"text": "<p>Work</p>", "needs": ["SQL", "Tea"], "offer": " "}
    row = job_row(values, columns__description=parts)
    assert row.description == "Work\n\nRequirements:\nSQL\nTea"
    assert job_row({"text": "\0"}, columns__description=parts).description is None


def test_a_text_split_within_quotes_is_joined_again() -> None:
    parts = [
        {"column": "text", "heading": "Needs"},
        {"column": "more", "heading": "Wishes", "continues_open_quote": True},
    ]
    split = job_row({"text": '"Tea', "more": ' cake"'}, columns__description=parts)
    assert split.description == 'Needs:\n"Tea, cake"'
    whole = job_row({"text": '"Tea"', "more": "cake"}, columns__description=parts)
    assert whole.description == 'Needs:\n"Tea"\n\nWishes:\ncake'


def test_lost_line_breaks_come_back() -> None:
    row = job_row({"text": "One.  Two.   \u2022\tThree four"}, line_break_spaces=2)
    assert row.description == "One.\nTwo.\n- Three four"


@pytest.mark.parametrize(
    ("written", "form", "expected"),
    [
        ("2026-01-05", "iso8601", date(2026, 1, 5)),
        ("2026-01-05T23:30:00Z", "iso8601", date(2026, 1, 6)),
        ("2026-01-05T23:30:00", "iso8601", date(2026, 1, 5)),
        (" 05.01.2026 ", "%d.%m.%Y", date(2026, 1, 5)),
        (1767654000, "epoch_seconds", date(2026, 1, 6)),
        ("1767654000000", "epoch_milliseconds", date(2026, 1, 6)),
        ("30+ days ago", "iso8601", None),
        ("05.01.2026 x", "%d.%m.%Y", None),
        ("1e99", "epoch_seconds", None),
        ("nan", "epoch_seconds", None),
        ("0001-01-01T00:00:00+14:00", "iso8601", None),
    ],
)
def test_a_date_is_local_to_the_source_and_read_strictly(
    written: object, form: str, expected: date | None
) -> None:
    assert read_date(written, [form], BERLIN) == expected


def test_a_field_that_holds_something_else_is_set_aside_and_its_row_kept() -> None:
    row = job_row(
        {"text": {"html": "x"}, "link": "javascript:alert(1)", "day": "soon"},
        columns__url="link",
        columns__posted_on={"column": "day"},
    )
    assert (row.description, row.url, row.posted_on) == (None, None, None)
    assert row.fields_set_aside == {
        "description": '"text" holds an object where text belongs.',
        "url": '"link" holds no http or https address.',
        "posted_on": '"day" holds something else than a date.',
    }
    assert row.raw["day"] == "soon"


def test_an_empty_date_is_set_aside_only_where_one_must_be() -> None:
    assert job_row({"day": " "}, columns__posted_on={"column": "day"}).fields_set_aside == {}
    required = {"column": "day", "required": True}
    assert job_row({}, columns__posted_on=required).fields_set_aside == {
        "posted_on": '"day" is empty.'
    }


def test_a_reason_holds_no_text_of_the_row() -> None:
    row = job_row(
        {"day": "SECRET", "link": "SECRET"},
        columns__url="link",
        columns__posted_on={"column": "day"},
    )
    assert "SECRET" not in "".join(row.fields_set_aside.values())
