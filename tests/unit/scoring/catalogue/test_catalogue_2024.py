"""The shipped catalogue of 2024 against the rules, written down here once more by hand; and what 2026 changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.scoring.catalogue.constants import UnknownConstant
from services.scoring.catalogue.constants_by_year import parse_constants, years_of
from services.scoring.catalogue.differences import differences, in_words
from services.scoring.catalogue.files import SHIPPED, CatalogueLoader, parse_catalogue
from services.scoring.catalogue.schema import schemas
from services.scoring.scorecard.rows import score_row
from shared.contracts.vocabulary import Nature
from shared.faults import Invalid
from shared.web.problems import status_of
from tests.support.paths import ROOT
from tests.support.scoring_examples import catalogue, entry

OLD, NEW = catalogue("2024.1"), catalogue("2026.1")
REFERENCE = ROOT / "docs/reference"
VALUES = [  # row, basis, the values at both edges of each level and just beside
    ("2", None, {0: ["0"], 1: ["1", "10"], 2: ["11", "30"], 3: ["31"]}),
    ("5", None, {0: ["0"], 1: ["1"], 2: ["2"], 3: ["3"]}),
    ("7", None, {0: ["2"], 1: ["3"], 2: ["4"], 3: ["5"]}),
    ("9", None, {0: ["0"], 1: ["1", "2"], 2: ["3", "4"], 3: ["5"]}),
    ("12", None, {0: ["0"], 1: ["1"], 2: ["2"], 3: ["3", "4"]}),
    ("13", None, {0: ["0"], 1: ["6", "9"], 2: ["2", "5"], 3: ["1"]}),
    ("14", None, {0: ["-1"], 1: ["0", "50"], 2: ["51", "85", "85.4"], 3: ["85.5", "86", "100"]}),
    ("16", None, {0: ["0"], 1: ["1"], 2: ["2"], 3: ["3"]}),
    ("17", None, {0: ["0"], 1: ["9", "12"], 2: ["5", "8"], 3: ["1", "4"]}),
    ("18", "a", {0: ["0"], 1: ["1", "100"], 2: ["101", "200"], 3: ["201"]}),
    ("18", "b", {0: ["4.99"], 1: ["5", "20"], 2: ["20.01", "50"], 3: ["50.01"]}),
    ("18", "c", {0: ["0", "30.01"], 1: ["0.01", "10"], 2: ["10.01", "20"], 3: ["20.01", "30"]}),
    ("18", "d", {0: ["0"], 1: ["0.01", "49.99"], 2: ["50", "49.995", "99.99"], 3: ["100"]}),
    ("18", "e", {0: ["0"], 1: ["1", "100"], 2: ["101", "200"], 3: ["201"]}),
    ("20", None, {0: ["0"], 1: ["1", "2"], 2: ["3", "4"], 3: ["5"]}),
]
CASES = [(row, basis, level, value) for row, basis, by in VALUES for level, values in by.items() for value in values]


def test_it_holds_twenty_rows_with_the_weights_and_the_same_five_mandatory_ones() -> None:
    weights = [3, 2, 2, 2, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 2, 3, 2, 3, 2, 4]

    assert [row.weight for row in OLD.innovation] == weights
    assert OLD.most == 111
    assert [row.number for row in OLD.innovation if row.mandatory] == ["1", "2", "17", "18", "20"]
    assert list(OLD.by_number["18"].bases or ()) == ["a", "b", "c", "d", "e"]
    assert OLD.digest == "b9f7079216ed8eb06a867070d5256f8e7e61d3e50ed307c1ec873845e9f933c9"


@pytest.mark.parametrize(("row", "basis", "level", "value"), CASES)
def test_a_value_gives_the_level_of_the_form_of_2024(row: str, basis: str | None, level: int, value: str) -> None:
    assert score_row(OLD.by_number[row], entry(row, value=value, basis=basis), Nature.DIGITAL).score.level == level


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("row", list(OLD.by_number))
def test_every_level_of_every_row_can_be_claimed(row: str, level: int) -> None:
    score = score_row(OLD.by_number[row], entry(row, level=level), Nature.NON_DIGITAL).score

    assert (score.level, score.points) == (level, level * score.weight)


def test_what_2026_changed_in_words() -> None:
    words = list(in_words(OLD, NEW))

    assert words[0] == "Katalog 2024.1 → 2026.1"
    for line in (
        "29 (dahulu 14)  Penyelesaian layanan pengaduan",
        "  - level 3: 86 % atau lebih menjadi 91 % atau lebih",
        "  - batas tidak lagi dimiliki dua level",
        "  - basis a, level 1: 1 s.d. 100 orang menjadi 1 s.d. 200 orang",
        "  - basis f baru: 1; 2; 3",
        "  - nama: “Kualitas inovasi daerah” menjadi “Video inovasi daerah”",
        "  - level 1: 1 s.d. 2 PD menjadi 2 perangkat daerah",
        "  - ada pada katalog 2026.1",
        "  - pembagi terkecil D: tidak diketahui menjadi 12",
    ):
        assert line in words


def test_a_catalogue_differs_from_itself_in_nothing() -> None:
    assert list(differences(NEW, NEW)) == []
    assert list(in_words(NEW, NEW)) == ["Katalog 2026.1 → 2026.1", "Tidak ada perbedaan."]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("weight: 4\n", "weight: 5\n", "bobot 4 menjadi 5"),
        (
            "kinds: [mp4, jpg, jpeg, png]",
            "kinds: [mp4]",
            "jenis berkas: jpeg, jpg, mp4, png, tautan menjadi mp4, tautan",
        ),
        ("least_divisor: 12", "least_divisor: 14", "pembagi terkecil D: 12 menjadi 14"),
        ("to: 40.00}", "to: 39.99}", "predikat kurang inovatif: 0,01 s.d. 40,00 menjadi 0,01 s.d. 39,99"),
        ("each: 0.38", "each: 0.4", "0,38 poin, paling banyak 200 inovasi menjadi nomor 36, 0,4 poin"),
        ("2025-12-31", "2026-12-31", "31 Desember 2025 menjadi 1 Januari 2024 s.d. 31 Desember 2026"),
        (
            "to: 0, level: 0",
            "to: 0, level: 3",
            "0 hari atau kurang bernilai level 0 menjadi 0 hari atau kurang bernilai",
        ),
        (
            "precision: 2\n          bands: [{level: 1, from: 5.00",
            "precision: 3\n          bands: [{level: 1, from: 5.00",
            "",
        ),
    ],
)
def test_each_kind_of_change_is_reported(old: str, new: str, says: str) -> None:
    text = (SHIPPED / "2026.1.yaml").read_text(encoding="utf-8")
    assert old in text
    altered = text.replace(old, new, 1)
    if "weight: 5" in new:
        altered = altered.replace("weights: 37, most: 111", "weights: 38, most: 114")
    if "precision: 3" in new:
        with pytest.raises(Invalid, match="a gap between"):
            parse_catalogue(altered.encode(), "2026.1.yaml")
        return

    changes = [
        change for each in differences(NEW, parse_catalogue(altered.encode(), "2026.1.yaml")) for change in each.changes
    ]

    assert len(changes) == 1
    assert says in changes[0]


def test_added_and_removed_rows_are_reported() -> None:
    fewer = NEW.model_copy(update={"innovation": NEW.innovation[1:]})

    assert [each.changes for each in differences(NEW, fewer)] == [("indikator tidak ada lagi",)]
    assert [each.changes for each in differences(fewer, NEW)] == [("indikator baru, bobot 3",)]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_committed_schema_is_the_generated_one(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == schemas()[name], "run `make docs`"


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("2024.1.yaml", "catalogue"),
        ("2026.1.yaml", "catalogue"),
        ("constants.yaml", "constants"),
        ("maturity_bands.yaml", "maturity-bands"),
    ],
)
def test_shipped_files_keep_their_schema_and_a_slip_does_not(file: str, schema: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    import yaml  # noqa: PLC0415 - beside its use

    raw = json.loads(
        json.dumps(yaml.load((SHIPPED / file).read_text(encoding="utf-8"), Loader=CatalogueLoader), default=float)
    )
    judge = jsonschema.Draft202012Validator(json.loads(schemas()[f"{schema}.schema.json"]))

    assert list(judge.iter_errors(raw)) == []
    assert list(judge.iter_errors({**raw, "slip": 1}))


def test_the_constants_of_every_year_are_those_found() -> None:
    years = years_of((SHIPPED,), (OLD, NEW))

    assert {year: (each.least_divisor, each.basic_service_needed) for year, each in sorted(years.items())} == {
        2021: (None, None),
        2022: (None, None),
        2023: (10, None),
        2024: (None, None),
        2025: (None, None),
        2026: (12, 5),
        2027: (14, 6),
        2028: (16, 6),
        2029: (18, 6),
    }
    assert years[2027].predicates == years[2026].predicates
    assert years[2027].inferred == ("predicates",)
    assert years[2027].window is None
    assert [str(each.least) for each in years[2023].predicates or ()] == ["60.01", "35.00", "0.01", "0.00"]
    assert all(each.index_of == 250 for each in years.values())


def test_an_unknown_constant_is_named_with_its_year() -> None:
    years = years_of((SHIPPED,), (OLD, NEW))

    with pytest.raises(UnknownConstant) as unknown:
        years[2024].need("least_divisor", 2024)

    assert unknown.value.slug == "unknown-constant"
    assert (unknown.value.name, unknown.value.year) == ("least_divisor", 2024)
    assert "least_divisor tahun 2024" in unknown.value.detail
    assert status_of(unknown.value) == 422
    assert years[2026].need("least_divisor", 2026) == 12


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("sources: [a]\nyears: {2030: {least_divisor: nol}}", "constants.yaml: year 2030: least_divisor"),
        ("sources: [a]\nyears: {2030: {inferred: [window]}}", "constants.yaml: year 2030: inferred"),
        ("sources: [a]\nyears: {dulu: {}}", "constants.yaml: year dulu"),
        ("years: {}", "constants.yaml: sources"),
        ("[]", "constants.yaml"),
        ("{", "constants.yaml"),
    ],
)
def test_an_invalid_constants_file_is_refused_with_file_year_and_reason(text: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_constants(text.encode(), "constants.yaml")

    assert refused.value.flaws[0].field == field


def test_a_year_of_the_data_folder_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "constants.yaml").write_text("sources: [surat]\nyears: {2028: {least_divisor: 17}}", encoding="utf-8")

    years = years_of((SHIPPED, tmp_path), ())

    assert (years[2028].least_divisor, years[2028].basic_service_needed) == (17, None)
    assert years[2029].least_divisor == 18
