"""The taxonomy reader: the forms it knows, what it sets aside, what it refuses."""

from __future__ import annotations

import gzip
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ty_pipeline.actors.taxonomy import (
    KINDS,
    Concept,
    SetAsideLine,
    read_taxonomy_file,
    shipped_concepts,
    taxonomy_digest,
)
from ty_pipeline.errors import TaxonomyError

DATA = Path(__file__).parents[3] / ".." / "shared" / "data" / "taxonomy"
OWN_HEADER = "concept_id,name,aliases,kind\n"


def concepts_in(path: Path) -> list[Concept]:
    return [item for item in read_taxonomy_file(path) if isinstance(item, Concept)]


def aside_in(path: Path) -> list[SetAsideLine]:
    return [item for item in read_taxonomy_file(path) if isinstance(item, SetAsideLine)]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_esco_file_with_alternative_labels_gives_every_concept_once() -> None:
    items = list(read_taxonomy_file(DATA / "esco_skills_with_altlabels.csv.gz"))
    found = [item for item in items if isinstance(item, Concept)]
    assert len(items) == 4_241
    assert len({item.concept_id for item in found}) == len(found) == 4_235
    assert {item.source for item in found} == {"esco"}
    assert Counter(item.kind for item in found).keys() == {"skill", "knowledge"}
    assert sum(len(item.aliases) for item in found) > 20_000


def test_the_esco_file_of_labels_gives_every_address() -> None:
    found = concepts_in(DATA / "esco_skills_uri_label.csv.gz")
    assert len(found) == 13_485
    assert all(item.concept_id.startswith("http://data.europa.eu/esco/skill/") for item in found)


def test_the_onet_file_names_each_technology_once() -> None:
    found = concepts_in(DATA / "onet_technology_skills.txt.gz")
    assert len(found) == 8_785
    by_id = {item.concept_id: item.name for item in found}
    assert len(by_id) == len(found)
    assert by_id["onet:c%23"] == "C#"
    assert by_id["onet:c++"] == "C++"
    assert by_id["onet:microsoft-excel"] == "Microsoft Excel"


def test_plain_and_packed_files_read_the_same(tmp_path: Path) -> None:
    packed = DATA / "esco_skills_with_altlabels.csv.gz"
    plain = tmp_path / "skills.csv"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    assert list(read_taxonomy_file(plain)) == list(read_taxonomy_file(packed))


def test_our_own_form_is_read_with_aliases_and_kind(tmp_path: Path) -> None:
    path = write(tmp_path / "own.csv", OWN_HEADER + "ty:x,Xylophone,Xylofon|X-phone,skill\n")
    assert concepts_in(path) == [
        Concept(
            concept_id="ty:x",
            name="Xylophone",
            aliases=("Xylofon", "X-phone"),
            kind="skill",
            source="ty",
        )
    ]


def test_a_bad_row_is_set_aside_with_its_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = (
        ",Nameless id,,skill\nty:a,,,skill\nty:b,Bee,,hobby\nty:c,Good,,skill\nty:c,Again,,skill\n"
    )
    path = write(tmp_path / "own.csv", OWN_HEADER + rows)
    assert [item.name for item in concepts_in(path)] == ["Good"]
    assert [item.line_number for item in aside_in(path)] == [2, 3, 4, 6]
    assert "kind must be one of" in aside_in(path)[2].reason
    assert "was given before" in aside_in(path)[3].reason


def test_a_row_with_a_nul_character_is_set_aside(tmp_path: Path) -> None:
    path = write(tmp_path / "own.csv", OWN_HEADER + "ty:a,A\0b,,skill\nty:c,Good,,skill\n")
    assert [item.name for item in concepts_in(path)] == ["Good"]
    assert "NUL" in aside_in(path)[0].reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"name,price\nx,1\n",
        b"just words",
        b"\x00\x01\x02",
        b"a\tb\tc\n",
        b"\xff\xfe\x00",
    ],
)
def test_any_other_file_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(TaxonomyError, match=r"other\.bin") as caught:
        list(read_taxonomy_file(path))
    assert str(caught.value).count("\n") == 0


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"none\.csv"):
        list(read_taxonomy_file(tmp_path / "none.csv"))


def test_a_truncated_download_is_refused_after_the_rows_it_holds(tmp_path: Path) -> None:
    whole = (DATA / "esco_skills_with_altlabels.csv.gz").read_bytes()
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    items = read_taxonomy_file(path)
    assert len(list(islice(items, 100))) == 100
    with pytest.raises(TaxonomyError, match=r"cut\.csv\.gz cannot be read after line \d+"):
        list(items)


def test_the_shipped_list_covers_the_professions_in_both_languages() -> None:
    shipped = shipped_concepts()
    assert 600 <= len(shipped) <= 1_400
    assert {item.kind for item in shipped} == set(KINDS)
    assert all(item.concept_id.startswith("ty:") for item in shipped)
    labels = {label.lower() for item in shipped for label in (item.name, *item.aliases)}
    assert labels >= {
        "python", "datenanalyse", "lohnbuchhaltung", "behandlungspflege", "schweißen",
        "forklift", "englisch", "führerschein klasse b", "teamfähigkeit", "wound care",
    }  # fmt: skip


def test_no_two_shipped_concepts_share_a_label() -> None:
    labels = Counter(
        label.lower() for item in shipped_concepts() for label in {item.name, *item.aliases}
    )
    assert [label for label, count in labels.items() if count > 1] == []


def test_the_digest_ignores_order_and_sees_every_field() -> None:
    shipped = shipped_concepts()
    assert taxonomy_digest(reversed(shipped)) == taxonomy_digest(shipped)
    first, *rest = shipped
    for change in ({"name": "Other"}, {"aliases": ("other",)}, {"kind": "skill"}, {"source": "x"}):
        fields = {name: getattr(first, name) for name in ("concept_id", "name", "aliases", "kind")}
        changed = Concept(**{**fields, "source": first.source, **change})
        if changed != first:
            assert taxonomy_digest((changed, *rest)) != taxonomy_digest(shipped)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_taxonomy_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "f.csv"
    path.write_bytes(OWN_HEADER.encode() + content)
    refused = None
    items: list[object] = []
    try:
        items.extend(read_taxonomy_file(path))
    except TaxonomyError as error:
        refused = str(error)
    assert refused is None or "f.csv" in refused
    assert all(isinstance(item, Concept | SetAsideLine) for item in items)
