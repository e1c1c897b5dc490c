"""Feeds in files: every form, every way to be broken, and what each costs."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ty_pipeline.errors import FeedUnreadable, MappingError
from ty_pipeline.sources.csv_records import csv_header, csv_records
from ty_pipeline.sources.feed_text import lines
from ty_pipeline.sources.file import FileSource
from ty_pipeline.sources.json_records import json_array_records
from ty_pipeline.sources.mapping import parse_mapping
from ty_pipeline.sources.record import Record
from ty_pipeline.sources.row import DuplicateRow, FetchRequest, JobRow, Page, ParsedRow, SetAside

DAY = date(2026, 1, 5)


def source(form: str, **changes: Any) -> FileSource:
    table: dict[str, Any] = {
        "source_id": "acme",
        "label": "Acme",
        "timezone": "Europe/Berlin",
        "format": form,
        "columns": {
            "external_id": "id",
            "title": "title",
            "company": {"value": "Acme"},
            "description": "text",
        },
    }
    return FileSource(mapping=parse_mapping(table | changes, "acme.toml"))


def pages(acme: FileSource, feed: Path, day: date = DAY) -> list[Page]:
    return list(acme.pages(FetchRequest(date=day, feed=feed)))


def parsed(acme: FileSource, feed: Path, day: date = DAY) -> list[ParsedRow]:
    return [row for page in pages(acme, feed, day) for row in acme.rows(page)]


def until_unreadable(acme: FileSource, feed: Path) -> tuple[list[ParsedRow], str]:
    """The rows of a feed that ends early, and what is said about it."""
    found: list[Page] = []
    with pytest.raises(FeedUnreadable) as caught:
        found.extend(acme.pages(FetchRequest(date=DAY, feed=feed)))
    return [row for page in found for row in acme.rows(page)], str(caught.value)


def ids(rows: list[ParsedRow]) -> list[str]:
    return [row.external_id for row in rows if isinstance(row, JobRow)]


def reasons(rows: list[ParsedRow]) -> list[tuple[int, str]]:
    return [(row.row_number, row.reason) for row in rows if isinstance(row, SetAside)]


def job(number: int, **values: Any) -> dict[str, Any]:
    return {"id": number, "title": f"Job {number}", "text": f"Text {number}"} | values


@pytest.fixture
def feed(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Writes a feed; a name in .gz compresses it."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        data = content.encode("utf-8") if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
        return path

    return write


Write = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_the_three_forms_give_the_same_postings(feed: Write, suffix: str) -> None:
    jobs = [job(1, text='a "quoted",\ntext'), job(2, text="b")]
    forms = {
        "csv": 'id,title,text\r\n1,Job 1,"a ""quoted"",\r\ntext"\r\n\r\n2,Job 2,b\r\n',
        "jsonl": "\n".join(map(json.dumps, jobs)) + "\n\n",
        "json": json.dumps(jobs, indent=2),
    }
    results = []
    for form, content in forms.items():
        path = feed(f"jobs.{form}{suffix}", "\ufeff" + content)
        rows = parsed(source(form), path)
        results.append(
            [(r.row_number, r.external_id, r.description) for r in rows if isinstance(r, JobRow)]
        )
    assert results == [[(1, "1", 'a "quoted",\ntext'), (2, "2", "b")]] * 3


def test_a_page_says_what_was_read_without_a_folder(feed: Write) -> None:
    (page,) = pages(source("jsonl"), feed("jobs 1.jsonl", json.dumps(job(1))))
    assert (page.number, page.url, page.http_status) == (1, "file:///jobs%201.jsonl", None)
    assert page.content_type == "application/x-ndjson"


def test_a_page_holds_500_rows_and_parses_again_the_same(feed: Write) -> None:
    acme = source("jsonl")
    found = pages(
        acme, feed("jobs.jsonl", "".join(json.dumps(job(n)) + "\n" for n in range(1, 1202)))
    )
    assert [len(list(acme.rows(page))) for page in found] == [500, 500, 201]
    assert [page.number for page in found] == [1, 2, 3]
    assert list(acme.rows(found[1])) == list(acme.rows(found[1]))
    assert [row.row_number for page in found for row in acme.rows(page)] == list(range(1, 1202))


def test_large_rows_make_smaller_pages(feed: Write) -> None:
    content = "".join(json.dumps(job(n, text="x" * 1_500_000)) + "\n" for n in range(5))
    assert [
        page.body.count(b"\n") for page in pages(source("jsonl"), feed("a.jsonl", content))
    ] == [2, 2, 1]


def test_separators_and_encodings_are_as_declared(feed: Write) -> None:
    path = feed("jobs.csv", "id;title;text\n1;K\xf6chin;K\xfcche\n".encode("cp1252"))
    (row,) = parsed(source("csv", delimiter=";", encoding="cp1252"), path)
    assert isinstance(row, JobRow)
    assert (row.title, row.description) == ("K\xf6chin", "K\xfcche")


def test_nul_and_lone_surrogates_pass_through_a_page(feed: Write) -> None:
    acme = source("jsonl")
    (row,) = parsed(acme, feed("a.jsonl", json.dumps(job(1, title="a\0b\ud800c"))))
    assert isinstance(row, JobRow)
    assert (row.title, row.raw["title"]) == ("abc", "a\\u0000b\\ud800c")


# Broken rows: each costs itself and no other.


def test_a_csv_row_with_a_wrong_number_of_columns_is_set_aside(feed: Write) -> None:
    rows = parsed(source("csv"), feed("a.csv", "id,title,text\n1,a,b\n2,a\n3,a,b,c\n4,a,b\n"))
    assert ids(rows) == ["1", "4"]
    assert reasons(rows) == [
        (2, "The row has 2 columns where the header has 3."),
        (3, "The row has 4 columns where the header has 3."),
    ]
    assert [row.raw for row in rows][1] == {"columns": ["2", "a"]}


def test_an_open_quote_costs_its_own_row_only(feed: Write) -> None:
    content = 'id,title,text\n1,a,b\n2,a,"open\n3,a,b\n4,"a ""x""",b\n5,a,"two\nlines"\n6,"a,b\n'
    rows = parsed(source("csv"), feed("a.csv", content))
    assert ids(rows) == ["1", "3", "4", "5"]
    assert [number for number, _ in reasons(rows)] == [2, 6]
    assert all(reason.startswith("The row is not valid CSV (") for _, reason in reasons(rows))


def test_an_open_quote_in_a_long_feed_does_not_take_the_rest(feed: Write) -> None:
    body = "".join(f"{n},a,{'x' * 200}\n" for n in range(3, 3000))
    rows = parsed(source("csv"), feed("a.csv", f'id,title,text\n1,a,b\n2,"open,b\n{body}'))
    assert len(ids(rows)) == 2998
    assert len(reasons(rows)) == 1


def test_bytes_that_are_not_utf_8_cost_their_own_row_only(feed: Write) -> None:
    rows = parsed(source("csv"), feed("a.csv", b"id,title,text\n1,a,b\n2,K\xf6ln,b\n3,a,b\n"))
    assert ids(rows) == ["1", "3"]
    assert rows[1].raw["title"] == "K\\xf6ln"
    line = json.dumps(job(2)).encode()
    rows = parsed(source("jsonl"), feed("a.jsonl", line + b'\n{"id": "\xff"}\n' + line))
    assert reasons(rows) == [(2, "The row holds bytes that are not valid in the feed's encoding.")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 2', "The row is not valid JSON (Expecting ',' delimiter at character 9)."),
        ("[1]", "The row is not a JSON object."),
        ("null", "The row is not a JSON object."),
        ('{"id": ' + "9" * 5000 + "}", "The row is not JSON that can be read"),
        ('{"a": ' * 150 + "1" + "}" * 150, "The row is nested more than 100 levels deep."),
        ('{"a": ' * 9999 + "1" + "}" * 9999, "The row is not JSON that can be read"),
        ('{"a": "' + "x" * 4_000_001 + '"}', "The row is longer than 4,000,000 characters."),
    ],
    ids=["cut", "list", "null", "number", "nested", "too nested", "long"],
)
@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_a_broken_json_row_is_set_aside(feed: Write, form: str, line: str, reason: str) -> None:
    content = [json.dumps(job(1)), line, json.dumps(job(3))]
    text = "\n".join(content) if form == "jsonl" else "[\n" + ",\n".join(content) + "\n]\n"
    rows = parsed(source(form), feed(f"a.{form}", text))
    assert ids(rows) == ["1", "3"]
    assert [number for number, _ in reasons(rows)] == [2]
    assert reasons(rows)[0][1].startswith(reason)


@pytest.mark.parametrize("indent", [None, 1, "\t"])
@pytest.mark.parametrize("at", [1, 4, 8])
@pytest.mark.parametrize("broken", ['"a "b"', '["a"', '"a', "}"])
def test_a_quote_or_bracket_too_many_in_an_array_costs_its_own_row_only(
    feed: Write, indent: int | str | None, at: int, broken: str
) -> None:
    jobs = [job(n, text='{"[a, \\', more=[{"a": []}, {"b": 1}]) for n in range(1, 9)]
    text = json.dumps(jobs, indent=indent)
    if indent is None:
        text = "[\n" + ",\n".join(map(json.dumps, jobs)) + "\n]"
    rows = parsed(source("json"), feed("a.json", text.replace(f'"Job {at}"', broken)))
    assert ids(rows) == [str(n) for n in range(1, 9) if n != at]
    assert at in [number for number, _ in reasons(rows)]


def test_control_characters_within_json_strings_are_let_pass(feed: Write) -> None:
    rows = parsed(source("json"), feed("a.json", '[{"id": 1, "title": "a\tb", "text": "c\nd"}]'))
    assert isinstance(rows[0], JobRow)
    assert (rows[0].title, rows[0].description) == ("a b", "c\nd")


# Feeds that end early: the good rows come first, then one sentence.


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_of_a_truncated_gzip_file_the_good_rows_come_first(tmp_path: Path, form: str) -> None:
    jobs = [job(n, text=str(hash(n * 7919)) * 20) for n in range(3000)]
    forms = {
        "csv": "id,title,text\n" + "".join(f"{j['id']},{j['title']},{j['text']}\n" for j in jobs),
        "jsonl": "".join(json.dumps(j) + "\n" for j in jobs),
        "json": json.dumps(jobs),
    }
    path = tmp_path / f"a.{form}.gz"
    whole = gzip.compress(forms[form].encode())
    path.write_bytes(whole[: len(whole) * 2 // 3])
    rule = {"prefer": [{"column": "title", "equals": "x"}]}
    for acme in (source(form), source(form, **rule)):
        rows, sentence = until_unreadable(acme, path)
        assert 1000 < len(rows) < 3000
        assert len(ids(rows)) == len(rows)
        assert (
            sentence == f"{path} ends in the middle of its compressed data; fetch the file again."
        )


def test_of_a_corrupt_gzip_file_the_good_rows_come_first(tmp_path: Path) -> None:
    whole = bytearray(
        gzip.compress("".join(json.dumps(job(n)) + "\n" for n in range(30000)).encode())
    )
    whole[len(whole) // 2 : len(whole) // 2 + 50] = b"\xff" * 50
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole)
    rows, sentence = until_unreadable(source("jsonl"), path)
    assert len(ids(rows)) > 1000
    assert "is not a sound gzip file" in sentence


def test_of_a_truncated_array_the_good_rows_come_first(feed: Write) -> None:
    path = feed("a.json", json.dumps([job(1), job(2), job(3)])[:-20])
    rows, sentence = until_unreadable(source("json"), path)
    assert ids(rows) == ["1", "2"]
    assert sentence == f"{path} ends, or cannot be followed, after its row 2."


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "does not begin with a row of column names"),
        ("a.csv", b'"open', "does not begin with a row of column names"),
        ("a.csv.gz", None, "is not a sound gzip file: Not a gzipped file"),
        ("a.json", b'{"jobs": ["x', "is an object, not an array: name the key of its array"),
        ("a.json", b"7", "is not a JSON array"),
        ("a.json", b"", "is not a JSON array"),
    ],
)
def test_a_feed_that_is_not_what_it_says_is_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"id,title" if content is None else content)
    form = path.name.split(".")[1]
    with pytest.raises((FeedUnreadable, MappingError)) as caught:
        pages(source(form), path)
    assert sentence in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_feed_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for missing, sentence in ((tmp_path / "a.csv", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(FeedUnreadable, match=sentence):
            pages(source("csv"), missing)
    with pytest.raises(FeedUnreadable, match="acme has no feed of its own; name a file"):
        list(source("csv").pages(FetchRequest(date=DAY, feed=None)))


def test_a_feed_that_changes_while_it_is_read_is_refused(
    feed: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = feed("a.jsonl", json.dumps(job(1)))
    acme = source("jsonl", prefer=[{"column": "title", "equals": "x"}])
    first_reading = FileSource._candidates

    def first_reading_then_a_change(*given: Any) -> Iterator[Record]:
        yield from first_reading(*given)
        path.write_text("\n" + json.dumps(job(1)))

    monkeypatch.setattr(FileSource, "_candidates", first_reading_then_a_change)
    with pytest.raises(FeedUnreadable, match="was changed while it was read; run the fetch again"):
        pages(acme, path)


# Mapped columns


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("csv", "id,title,body\n1,a,b\n"),
        ("jsonl", '{"id": 1, "title": "a", "body": "b"}\n'),
        ("json", '[{"id": 1, "title": "a", "body": "b"}]'),
    ],
)
def test_a_mapped_column_that_is_missing_is_named_with_those_found(
    feed: Write, form: str, content: str
) -> None:
    path = feed(f"a.{form}", content)
    with pytest.raises(MappingError) as caught:
        pages(source(form), path)
    assert str(caught.value) == (
        f'The mapping acme names the column "text" (columns.description), which {path} does not'
        " have; it has: id, title, body."
    )
    assert ids(parsed(source(form, may_be_missing=["text"]), path)) == ["1"]


def test_a_json_row_may_leave_out_what_another_has(feed: Write) -> None:
    path = feed("a.jsonl", '{"id": 1, "title": "a"}\n{"id": 2, "title": "b", "text": "c"}\n')
    assert ids(parsed(source("jsonl"), path)) == ["1", "2"]


def test_columns_of_the_same_name_are_told_apart(feed: Write) -> None:
    (row,) = parsed(source("csv"), feed("a.csv", "id,title,text,title,\n1,a,b,c,d\n"))
    assert row.raw == {"id": "1", "title": "a", "text": "b", "title (2)": "c", "column 5": "d"}


def test_the_array_of_a_json_feed_may_be_anywhere(feed: Write) -> None:
    content = {"meta": {"jobs": [1, "]}"]}, "n": 2, "s": 'x"]', "data": {"a": [], "jobs": [job(1)]}}
    for text in (json.dumps(content), json.dumps(content, indent=1)):
        path = feed("a.json", text)
        assert ids(parsed(source("json", record_path="data.jobs"), path)) == ["1"]
    with pytest.raises(
        MappingError, match=r'has no "rows", which record_path names; it has: a, jobs\.'
    ):
        pages(source("json", record_path="data.rows"), path)
    with pytest.raises(MappingError, match='has no array at "meta"'):
        pages(source("json", record_path="meta"), path)


@pytest.mark.parametrize(
    ("form", "content"), [("jsonl", ""), ("json", "[]"), ("csv", "id,title,text\n")]
)
def test_a_feed_without_rows_has_no_pages(feed: Write, form: str, content: str) -> None:
    assert pages(source(form), feed(f"a.{form}", content)) == []


# Rows of one posting


def test_without_a_rule_the_first_row_stands_for_its_posting(feed: Write) -> None:
    jobs = [job(1), job(1, title=""), job(2, title=""), job(1), job(2)]
    rows = parsed(source("jsonl"), feed("a.jsonl", "\n".join(map(json.dumps, jobs))))
    assert Counter(type(row) for row in rows) == {JobRow: 2, SetAside: 2, DuplicateRow: 1}
    assert ids(rows) == ["1", "2"]
    assert rows[3] == DuplicateRow(
        row_number=4, external_id="1", preferred_row_number=1, raw=job(1), fields_set_aside={}
    )


def test_the_first_rule_that_decides_prefers_a_row(feed: Write) -> None:
    rules = [{"column": "kind", "equals": "open"}, {"column": "day", "latest": "iso8601"}]
    jobs = [
        job(1, kind="closed", day="2026-01-09"),
        job(1, kind="open", day="2026-01-02"),
        job(1, kind="open", day="2026-01-03"),
        job(1, kind="open", day="soon"),
        job(1, kind="open", day="2026-01-03"),
        job(1, kind="open", day="2026-01-08", title=""),
        job(2, kind=None),
    ]
    path = feed("a.jsonl", "\n".join(map(json.dumps, jobs)))
    rows = parsed(source("jsonl", prefer=rules), path)
    assert [(r.row_number, r.external_id) for r in rows if isinstance(r, JobRow)] == [
        (3, "1"),
        (7, "2"),
    ]
    marks = {r.row_number: r.preferred_row_number for r in rows if isinstance(r, DuplicateRow)}
    assert marks == {1: 3, 2: 3, 4: 3, 5: 3}


def test_versions_all_count_and_the_newest_has_the_highest_number(feed: Write) -> None:
    seen = ["2026-01-05T09:00", "2026-01-05T07:00", "2026-01-05T08:00"]
    jobs = [job(1, seen=seen[0]), job(2, seen=seen[0]), job(1, seen=seen[1]), job(1, seen=seen[2])]
    path = feed("a.jsonl", "\n".join(map(json.dumps, jobs)))
    rows = parsed(source("jsonl", versions={"column": "seen"}), path)
    numbers = {row.raw["seen"]: row.row_number for row in rows if row.raw["id"] == 1}
    assert numbers == {seen[1]: 1, seen[2]: 3, seen[0]: 4}
    assert sorted(row.row_number for row in rows) == [1, 2, 3, 4]


def test_only_rows_of_the_date_asked_for_belong_to_a_fetch(feed: Write) -> None:
    acme = source("jsonl", partition_date={"column": "seen"})
    jobs = [
        job(1, seen="2026-01-05T22:59:00Z"),
        job(1, seen="2026-01-05T23:00:00Z"),
        job(2, seen="2026-01-06"),
        job(3, seen="whenever"),
    ]
    path = feed("a.jsonl", "\n".join(map(json.dumps, jobs)))
    assert acme.feed_dates(path) == [date(2026, 1, 5), date(2026, 1, 6)]
    assert ids(parsed(acme, path)) == ["1"]
    rows = parsed(acme, path, date(2026, 1, 6))
    assert ids(rows) == ["1", "2"]
    assert [row.row_number for row in rows] == [2, 3, 4]
    assert reasons(rows) == [(4, 'The row belongs to no date ("seen" holds none).')]
    assert source("jsonl").feed_dates(path) == []


# Any rows, cut anywhere


csv_cells = st.text(st.sampled_from('ab,"\n\r ;\xe9'), max_size=6)


@settings(deadline=None)
@given(st.lists(st.tuples(csv_cells, csv_cells), max_size=6), st.integers(1, 7))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str]], size: int) -> None:
    text = "a,b\n" + "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows
    )
    read = lines(text[at : at + size] for at in range(0, len(text), size))
    header = csv_header(read, ",", Path("a.csv"))
    found = [record.values for record in csv_records(read, header, ",")]
    assert found == [{"a": a, "b": b} for a, b in rows]


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda x: st.lists(x) | st.dictionaries(st.text(max_size=2), x),
    max_leaves=4,
)


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=3), json_values, max_size=3), max_size=5),
    st.integers(1, 9),
    st.sampled_from([None, 0, 2]),
)
def test_what_a_json_writer_wrote_is_read_back(
    rows: list[dict[str, Any]], size: int, indent: int | None
) -> None:
    text = json.dumps(rows, indent=indent)
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    found = json_array_records(pieces, None, Path("a.json"))
    assert [record.values for record in found] == rows


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(['{"id": 1}', "{", "}", "[", "]", '"', ",", "\n", "x", "\\"]), max_size=12
    )
)
def test_a_garbled_array_ends_in_rows_or_in_one_sentence(pieces: list[str]) -> None:
    numbers = []
    with suppress(FeedUnreadable):
        for record in json_array_records(iter(["[", *pieces]), None, Path("a.json")):
            numbers.append(record.number)  # noqa: PERF401 - what came before an error counts
    assert numbers == list(range(1, len(numbers) + 1))


# Cost


def peak_bytes(acme: FileSource, feed: Path) -> int:
    """The most memory that reading every page and row of a feed takes."""
    tracemalloc.start()
    try:
        for page in acme.pages(FetchRequest(date=DAY, feed=feed)):
            for _ in acme.rows(page):
                pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_memory_stays_flat_as_a_feed_grows_tenfold(feed: Write, form: str) -> None:
    acme = source(form, prefer=[{"column": "title", "equals": "x"}])

    def content(rows: int) -> str:
        jobs = [job(n % 500, text="word " * 200) for n in range(rows)]
        match form:
            case "csv":
                return "id,title,text\n" + "".join(
                    f"{j['id']},{j['title']},{j['text']}\n" for j in jobs
                )
            case "json":
                return json.dumps(jobs)
            case _:
                return "".join(json.dumps(j) + "\n" for j in jobs)

    small = peak_bytes(acme, feed(f"small.{form}.gz", content(600)))
    large = peak_bytes(acme, feed(f"large.{form}.gz", content(6000)))
    assert large < small * 1.3
