"""What goes into cells and onto paper: nothing that runs, nothing that cannot be carried; broken files are flaws."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from services.scoring.exports import columns
from services.scoring.exports.tables import csv_lines
from services.scoring.exports.text import word
from services.scoring.exports.workbook_reading import read_scorecard_workbook
from shared.exports.paper import printable
from shared.exports.text import local_day
from shared.faults import Invalid
from shared.web.spreadsheet import clean, disarmed
from tests.support.scoring_examples import calm

SIGNS = "=+-@＝＋－＠"


@calm
@given(st.sampled_from(SIGNS + "\t\r\n"), st.text(), st.sampled_from(["", " ", "\u00a0"]))
def test_what_a_spreadsheet_might_run_is_disarmed(sign: str, text: str, blank: str) -> None:
    assert disarmed(f"{blank}{sign}{text}").startswith("'")


@calm
@given(st.text(), st.sampled_from(";,\t\n"), st.sampled_from(["", " ", '"', ' "']), st.sampled_from(SIGNS))
def test_nothing_runs_in_a_program_that_separates_cells_otherwise(
    text: str, separator: str, blank: str, sign: str
) -> None:
    written = csv_lines([["x", f"{text}{separator}{blank}{sign}1+1"]]).decode()

    for delimiter in ",;\t":
        for line in csv.reader(StringIO(written, newline=""), delimiter=delimiter):
            assert not any(re.match(f'[ \u00a0"]*[{re.escape(SIGNS)}]', cell) for cell in line), (delimiter, line)


@calm
@given(st.text(st.sampled_from("=+-@;, a'\t\n＝")))
def test_disarming_only_adds_apostrophes(text: str) -> None:
    assert disarmed(text).replace("'", "") == clean(text).replace("'", "")


@calm
@given(st.text(st.characters(exclude_characters=f"{SIGNS}\t\r\n")))
def test_text_that_cannot_run_is_unchanged(text: str) -> None:
    assert disarmed(text) == clean(text)


@calm
@given(st.text())
def test_whatever_is_printed_has_a_letter_in_the_font(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@pytest.mark.parametrize(("given", "shown"), [("Ālam é ≥ “x” –", "Alam é ≥ “x” –"), ("漢", "?"), ("a\x00b", "ab")])
def test_a_letter_that_the_font_lacks_loses_its_accent(given: str, shown: str) -> None:
    assert printable(given) == shown


def test_numbers_of_a_table_are_no_text() -> None:
    assert csv_lines([[-5, None, True, "-5", 'a "b", c']]) == b'-5,,true,\'-5,"a ""b"", c"\r\n'


@pytest.mark.parametrize(
    ("slug", "shown"),
    [
        ("rsud", "RSUD"),
        ("sosial", "Sosial"),
        ("kecamatan", "Kecamatan"),
        ("koperasi_dan_ukm", "Koperasi, Usaha Kecil dan Menengah"),
        (None, ""),
    ],
)
def test_slugs_are_said_in_official_words(slug: str | None, shown: str) -> None:
    assert word(slug) == shown


def test_a_day_is_the_regions() -> None:
    assert local_day(datetime(2025, 12, 31, 16, tzinfo=UTC), "Asia/Makassar") == "1 Januari 2026"
    assert local_day(datetime(2025, 12, 31, 16, tzinfo=UTC), "Asia/Pontianak") == "31 Desember 2025"


# --- Workbooks that are not what they should be ---


def sheet_of(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*columns.REQUIRED])
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_every_flaw_of_a_sheet_is_reported_with_its_line_and_column(tmp_path: Path) -> None:
    file = sheet_of(
        tmp_path / "isian.xlsx",
        ["16", 4, None, None, None, 1],
        ["17", None, "banyak", None, None, "ya"],
        ["18", 1, None, None, None, 1],
        ["18", 2, None, None, None, 1],
    )

    with pytest.raises(Invalid) as invalid:
        read_scorecard_workbook(file)

    assert [flaw.field for flaw in invalid.value.flaws] == [
        "isian.xlsx: baris 2: Isian level",
        "isian.xlsx: baris 3: Isian nilai",
        "isian.xlsx: baris 3: Jumlah data pendukung",
        "isian.xlsx: baris 5: No",
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"nomor,level\n16,3\n"])
def test_a_file_that_is_no_workbook_is_a_flaw(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rusak.xlsx"
    file.write_bytes(content)

    with pytest.raises(Invalid, match="XLSX"):
        read_scorecard_workbook(file)


def test_an_archive_that_is_no_workbook_is_a_flaw(tmp_path: Path) -> None:
    file = tmp_path / "arsip.xlsx"
    with ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types")

    with pytest.raises(Invalid, match="XLSX"):
        read_scorecard_workbook(file)


def test_a_missing_file_is_a_flaw(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="tidak dapat dibaca"):
        read_scorecard_workbook(tmp_path / "hilang.xlsx")


def test_a_workbook_of_something_else_is_a_flaw(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "lain.xlsx")

    with pytest.raises(Invalid, match="judul kolom"):
        read_scorecard_workbook(tmp_path / "lain.xlsx")
