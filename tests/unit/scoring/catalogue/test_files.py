from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.catalogue.catalogue import Catalogue, CatalogueStatus
from services.scoring.catalogue.files import LARGEST, SHIPPED, catalogue_files, parse_catalogue, read_catalogue
from shared.faults import Flaw, Invalid
from tests.support.scoring_examples import calm

SMALL = """
year: 2031
revision: 2
status: transcribed
sources: [contoh]
control:
  innovation: {rows: 2, weights: 3.5, most: 10.5, mandatory: [1]}
innovation:
  - number: 1
    name: Regulasi
    weight: 3
    mandatory: true
    levels: [SK, Perkada, Perda]
  - number: 2
    name: Kemanfaatan
    weight: 0.5
    bases:
      a:
        measured: penerima manfaat
        levels: [sedikit, sedang, banyak]
        scale:
          unit: orang
          bands: [{level: 1, from: 1, to: 10}, {level: 2, from: 11, to: 20}, {level: 3, from: 21}]
constants:
  counted: {number: 3, name: Jumlah, each: 0.38, most_counted: 200}
  window: {from: 2029-01-01, to: 2030-12-31}
"""


def parsed(text: str) -> Catalogue:
    return parse_catalogue(text.encode(), "2031.2.yaml")


def tried(text: bytes) -> Catalogue | list[Flaw]:
    """What any bytes must come to: a catalogue, or reasons that name the file."""
    try:
        catalogue = parse_catalogue(text, "2031.2.yaml")
    except Invalid as refused:
        found = refused.flaws
    else:
        return catalogue
    assert found
    assert all(flaw.field.startswith("2031.2.yaml") and flaw.code and flaw.message for flaw in found)
    return found


def flaws(text: str | bytes) -> list[Flaw]:
    with pytest.raises(Invalid) as refused:
        parse_catalogue(text if isinstance(text, bytes) else text.encode(), "2031.2.yaml")
    return refused.value.flaws


def test_a_small_file_is_read_exactly() -> None:
    catalogue = parsed(SMALL)

    assert (catalogue.name, catalogue.most) == ("2031.2", Decimal("10.5"))
    assert catalogue.by_number["2"].weight == Decimal("0.5")
    assert catalogue.constants.counted is not None
    assert catalogue.constants.counted.each == Decimal("0.38")


def test_the_digest_is_of_what_scores_and_of_nothing_else() -> None:
    digest = parsed(SMALL).digest
    remarks = (
        SMALL.replace("status: transcribed", "status: verified")
        .replace("[contoh]", "[surat]")
        .replace("name: Regulasi", "name: Peraturan\n    note: dari surat\n    evidence: halaman pertama")
        .replace("weight: 3\n", "weight: 3.0\n")
        + "# komentar\n"
    )

    assert parsed(remarks).status is CatalogueStatus.VERIFIED
    assert parsed(remarks).digest == digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mandatory: [1]}", "mandatory: [1, 2]}\n#"),
        ("from: 1, to: 10}, {level: 2, from: 11", "from: 1, to: 9}, {level: 2, from: 10"),
        ("[SK, Perkada, Perda]", "[SK, Perbup, Perda]"),
        ("each: 0.38", "each: 0.39"),
        ("2029-01-01", "2028-01-01"),
        ("revision: 2", "revision: 3"),
        ("unit: orang", "unit: jiwa"),
    ],
)
def test_the_digest_changes_with_all_that_scores(old: str, new: str) -> None:
    altered = SMALL.replace(old, new)
    if "[1, 2]" in new:
        altered = altered.replace("weight: 0.5", "weight: 0.5\n    mandatory: true")

    assert parsed(altered).digest != parsed(SMALL).digest


def test_the_digest_of_the_shipped_catalogue_is_fixed() -> None:
    """A change here is a change of what scores: give the file another revision instead."""
    assert read_catalogue(SHIPPED / "2026.1.yaml").digest == (
        "e4d6876484904d4d2e2cc6beebd8df0be723a578a3d426b59aa6600a2f325ee4"
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("weight: 3\n", "weight: 2\n", "2031.2.yaml: control.innovation.weights", "their sum is 2.5"),
        ("weight: 3\n", "weight: three\n", "2031.2.yaml: row 1: weight", "a number is needed"),
        ("weight: 3\n", "weight: -3\n", "2031.2.yaml: row 1: weight", "greater than 0"),
        ("mandatory: true", "mandatory: sometimes", "2031.2.yaml: row 1: mandatory", "valid boolean"),
        ("mandatory: true", "mandatory: false", "2031.2.yaml: row 1: mandatory", "not flagged in its row"),
        ("mandatory: [1]", "mandatory: []", "2031.2.yaml: row 1: mandatory", "not announced"),
        ("rows: 2", "rows: 3", "2031.2.yaml: control.innovation.rows", "3 rows announced, 2 there"),
        ("most: 10.5", "most: 111", "2031.2.yaml: control.innovation.most", "the rows give 10.5"),
        ("[SK, Perkada, Perda]", "[SK, Perda]", "2031.2.yaml: row 1: levels", "three levels are needed"),
        ("levels: [SK", "level: [SK", "2031.2.yaml: row 1: level", "not permitted"),
        ("to: 10}", "to: 9}", "2031.2.yaml: row 2: bases.a.scale", "a gap between"),
        ("to: 10}", "to: 12}", "2031.2.yaml: row 2: bases.a.scale", "overlap"),
        ("number: 2\n", "number: 1\n", "2031.2.yaml: row 1: number", "there twice"),
        ("{number: 3,", "{number: 2,", "2031.2.yaml: row 2: number", "there twice"),
        ("number: 1\n    name", "name", "2031.2.yaml: row #1 of innovation: number", "required"),
        ("year: 2031", "year: '2031'", "2031.2.yaml: year", "valid integer"),
        ("status: transcribed", "status: official", "2031.2.yaml: status", "transcribed"),
        ("2029-01-01", "2029-13-01", "2031.2.yaml: constants.window.from", ""),
        ("2029-01-01", "2031-01-01", "2031.2.yaml: constants.window", "ends before it begins"),
        ("levels: [SK, Perkada, Perda]", "note: x", "2031.2.yaml: row 1: levels", "exactly one of"),
        ("year: 2031", "year: 2031\nyear: 2032", "2031.2.yaml", "'year' is there twice (line 3"),
        ("year: 2031", "year: &y 2031\nother: *y", "2031.2.yaml", "anchors and aliases are not allowed"),
        ("year: 2031", "year: [2031", "2031.2.yaml", "line"),
        ("year: 2031", "year: !!python/object:os.system 2031", "2031.2.yaml", "tags are not allowed"),
        ("year: 2031", "? [year]\n: 2031", "2031.2.yaml", "a key must be a plain word"),
    ],
)
def test_a_flaw_names_file_row_and_reason(old: str, new: str, field: str, says: str) -> None:
    assert old in SMALL

    found = flaws(SMALL.replace(old, new, 1))

    assert any(flaw.field == field and says in flaw.message for flaw in found), found


def test_all_flaws_are_reported_at_once() -> None:
    found = flaws(SMALL.replace("weight: 3\n", "weight: three\n").replace("weight: 0.5", "weight: half"))

    assert {flaw.field for flaw in found} == {"2031.2.yaml: row 1: weight", "2031.2.yaml: row 2: weight"}


def test_regional_rows_need_their_control_totals() -> None:
    text = f"{SMALL}\nregion: [{{number: 9a, name: Visi, weight: 1, levels: [a, b, c]}}]\n"

    assert any(flaw.field == "2031.2.yaml: control.region" for flaw in flaws(text))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 5000,
        b"- " * 5000,
        b"{a: " * 5000,
        b"just words",
        b"- a list",
        b"x" * (LARGEST + 1),
        b"year: \x00",
        b"%YAML 9.9\n---\n",
        b"--- a\n--- b\n",
        b"innovation: {0: {number: 1}}",
        b"innovation: [null, 3, [], {number: []}]",
        b"constants: {counted: 3}",
        b"year: 99999999999999999999999999",
        b"innovation: [{number: 1, weight: 1e400}]",
        b"2: 3\n.5: .nan",
        b"year: !!float abc",
        b"year: !!bool abc",
        b"year: !!timestamp abc",
        b"year: !!binary '%'",
        b"? !!set {a, b}\n: 1",
        b"<<: {year: 2031}",
        b"year: *nowhere",
    ],
)
def test_no_broken_file_raises_another_exception(text: bytes) -> None:
    assert isinstance(tried(text), list)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from([0.5, "16", "more", "1-10"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["level", "from", "to", "a", "unit", "bands", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def _places(value: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, each in inner for place in _places(each, (*at, key)))]


SHIPPED_RAW = yaml.safe_load(SMALL)
SHIPPED_RAW["constants"]["window"] = {"from": "2029-01-01", "to": "2030-12-31"}
PLACES = [place for place in _places(SHIPPED_RAW) if place]


@calm
@given(place=st.sampled_from(PLACES), put=anything, remove=st.booleans())
def test_a_file_with_anything_anywhere_is_read_or_refused_with_reasons(
    place: tuple[Any, ...], put: object, *, remove: bool
) -> None:
    raw = yaml.safe_load(yaml.safe_dump(SHIPPED_RAW))
    spot = raw
    for key in place[:-1]:
        spot = spot[key]
    if remove:
        del spot[place[-1]]
    else:
        spot[place[-1]] = put

    result = tried(yaml.safe_dump(raw).encode())

    if isinstance(result, Catalogue):
        assert list(result.flaws()) == []
        assert len(result.digest) == 64
    elif place[0] == "innovation" and len(place) > 2 and place[2] != "number":
        number = SHIPPED_RAW["innovation"][place[1]]["number"]
        assert any(f"row {number}" in flaw.field or "control" in flaw.field for flaw in result)


@calm
@given(noise=st.binary(max_size=200), at=st.integers(0, len(SMALL)))
def test_a_file_with_noise_in_it_is_read_or_refused_with_reasons(noise: bytes, at: int) -> None:
    text = SMALL.encode()

    assert tried(text[:at] + noise + text[at:])


def test_a_file_is_named_after_its_year_and_revision(tmp_path: Path) -> None:
    wrong = tmp_path / "baru.yaml"
    wrong.write_text(SMALL, encoding="utf-8")

    with pytest.raises(Invalid, match=r"name the file 2031\.2\.yaml"):
        read_catalogue(wrong)


def test_a_file_that_cannot_be_opened_is_a_flaw(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read_catalogue(tmp_path / "2031.2.yaml")


def test_files_are_found_in_order_in_folders_that_are_there(tmp_path: Path) -> None:
    for name in ("2031.2.yaml", "2030.1.yml", "notes.txt", "2029.1.yxml"):
        (tmp_path / name).write_text("", encoding="utf-8")

    found = [file.name for file in catalogue_files((tmp_path, tmp_path / "none"))]

    assert found == ["2030.1.yml", "2031.2.yaml"]
