"""What of a letter is found in a text, rule by rule."""

from __future__ import annotations

from datetime import date

import pytest

from services.registry.evidence.precheck.dates import dates, find_date, stated_date
from services.registry.evidence.precheck.number_words import number_of
from services.registry.evidence.precheck.numbers import find_number, stated_number
from services.registry.evidence.precheck.phrases import find_subject, find_title, stated_subject
from services.registry.evidence.precheck.precheck import Declared, Item, Outcome, precheck
from services.registry.evidence.precheck.text import DocumentText, Page, TextState
from services.registry.evidence.precheck.years import find_year
from services.registry.evidence.window import YearWindow, window_of
from tests.support.precheck.written import number_in_words

FILLER = "Isi surat yang cukup panjang agar halaman ini terbaca sebagai teks."


def text(*pages: str) -> DocumentText:
    read = tuple(Page.of(number, f"{page}\n{FILLER}") for number, page in enumerate(pages, 1))
    return DocumentText(TextState.READ, len(pages), read)


# --- Numbers ---


@pytest.mark.parametrize(
    "line",
    [
        *("Nomor : 188.45/12/HUK/2026", "NOMOR 188.45 / 12 / HUK / 2026", "No. 188.45/12/huk/2026"),
        *("Nomor: 188.45/12/HUK TAHUN 2026", "Sungai Raya, 3 Mei 2026 Nomor : 188.45/12/HUK/2026"),
    ],
)
def test_a_number_is_found_however_it_is_spaced(line: str) -> None:
    assert find_number(text(f"KEPUTUSAN BUPATI\n{line}\nTENTANG"), "188.45/12/HUK/2026").own


@pytest.mark.parametrize("other", ["188.45/13/HUK/2026", "1188.45/12/HUK/2026", "188.45/12/HUK/2025", "188.45/12/2026"])
def test_another_number_is_quoted(other: str) -> None:
    found = find_number(text(f"SURAT TUGAS\nNomor : {other}"), "188.45/12/HUK/2026")

    assert found.here is None
    assert found.instead is not None
    assert found.instead.text == f"Nomor : {other}"


def test_a_number_of_a_law_or_of_another_letter_is_not_the_letters_own() -> None:
    document = text(
        "SURAT TUGAS\nNomor : 5/ORG/2026\nDasar : surat Nomor 188/12/2025", "Lampiran: surat Nomor 9/B/2026"
    )

    assert not find_number(document, "188/12/2025").own
    assert find_number(document, "188/12/2025").here is not None
    assert not find_number(document, "9/B/2026").own


def test_the_house_number_of_the_office_is_no_number_of_a_letter() -> None:
    stated = stated_number(text("DINAS SOSIAL\nJalan Contoh No. 12 Telp. 0561\nNomor : 7/DS/2026"))

    assert stated is not None
    assert stated.text == "Nomor : 7/DS/2026"


def test_a_number_that_was_left_open_is_none() -> None:
    assert stated_number(text("SURAT TUGAS\nNomor : ....... / .......")) is None
    assert find_number(text("SURAT TUGAS\nNomor : ......."), "7/DS/2026").here is None


# --- Dates ---


@pytest.mark.parametrize(
    "written",
    [
        *(
            "3 November 2026",
            "03 NOVEMBER 2026",
            "3 Nopember 2026",
            "3-11-2026",
            "03/11/2026",
            "3.11.2026",
            "2026-11-03",
        ),
        *("tanggal 3 bulan November tahun 2026", "tanggal tiga bulan November tahun dua ribu dua puluh enam"),
        "3 Nov. 2026",
    ],
)
def test_a_date_is_read_however_it_is_written(written: str) -> None:
    assert [each.day for each in dates(text(f"Ditetapkan {written}, di Sungai Raya"))] == [date(2026, 11, 3)]


@pytest.mark.parametrize("written", ["31 Februari 2026", "3/13/2026", "188.45/12/2026", "0561-12-2026", "13-11-26"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert dates(text(written)) == []


@pytest.mark.parametrize("number", [*range(1, 32), *range(1999, 2041), 9999])
def test_numbers_in_words_are_read(number: int) -> None:
    assert number_of(number_in_words(number)) == number


def test_the_letters_own_date_is_told_from_others() -> None:
    document = text("Sungai Raya, 3 Mei 2026\nMenindaklanjuti surat tanggal 2 Mei 2026", "Rapat 4 Mei 2026")

    assert find_date(document, date(2026, 5, 3)).own
    cited = find_date(document, date(2026, 5, 2))
    assert (cited.own, cited.here is not None, cited.instead is not None) == (False, True, True)
    stated = stated_date(document)
    assert stated is not None
    assert (stated.page, stated.text) == (1, "Sungai Raya, 3 Mei 2026")


# --- Subjects and names ---


@pytest.mark.parametrize(
    "line",
    [
        "PENETAPAN TIM PELAKSANA\nINOVASI DAERAH",
        "Penetapan Tim Pelaksana Inovasi di Daerah",
        "P E N E T A P A N  TIM PELAKSANA INOVASI DAERAH",
        "Penetapan Tim Pelaksa-\nna Inovasi Daerah",
        "Penetapon Tim Pelaksana lnovasi Daerah",
        "Penetapan Tim Pelaksana dan Pengelola Inovasi Daerah",
    ],
)
def test_a_subject_is_found_although_its_line_is_broken_spaced_or_misread(line: str) -> None:
    assert find_subject(text(f"TENTANG\n{line}\nBUPATI,"), "Penetapan tim pelaksana inovasi daerah").own


@pytest.mark.parametrize("line", ["Penetapan Tim Penilai Inovasi Daerah", "Pelaksana Tim", "Penetapan Tim Pelaksana"])
def test_another_subject_is_quoted(line: str) -> None:
    found = find_subject(text(f"Nomor : 1/A/2026\nPerihal : {line}"), "Penetapan tim pelaksana inovasi daerah")

    assert found.here is None
    assert found.instead is not None
    assert line in found.instead.text


def test_the_subject_is_stated_after_tentang_hal_or_perihal() -> None:
    for head in ("TENTANG\n", "T E N T A N G\n", "Hal : ", "Perihal: "):
        stated = stated_subject(text(f"Nomor : 1/A/2026\n{head}Undangan Rapat"))
        assert stated is not None
        assert stated.text.endswith("Undangan Rapat")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("SPIRIT (Sistem Pemantauan Inovasi Terpadu)", "pelaksanaan SPIRIT pada tahun ini"),
        ("SPIRIT (Sistem Pemantauan Inovasi Terpadu)", "sistem pemantauan inovasi terpadu di daerah"),
        ("Berjumpa", "inovasi Berjumpa"),
        ("berjumpa", "inovasi “berjumpa”"),
        ("E-Kerje KKR", "e-KERJE\nKKR"),
    ],
)
def test_a_name_is_found_by_the_whole_or_a_part(name: str, line: str) -> None:
    assert find_title(text(line), name).own


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Berjumpa", "warga berjumpa dengan petugas"),
        ("Gestur", "Gesture Baru"),
        ("Layanan Antar Dokumen", "Layanan Antar Obat"),
        ("Bumi Bahari", "Bumi dan Samudra Bahari"),
    ],
)
def test_an_ordinary_word_or_another_name_is_not_taken_for_it(name: str, line: str) -> None:
    assert find_title(text(line), name).here is None


# --- Years ---


def test_the_years_of_a_row_are_counted_from_the_year_of_assessment() -> None:
    assert window_of("17", 2026) == YearWindow(2024, 2026)
    assert window_of("24", 2026) == YearWindow(2025, 2026)
    assert window_of("16", 2026) is None
    assert (2024 in YearWindow(2024, 2026), 2023 in YearWindow(2024, 2026)) == (True, False)


@pytest.mark.parametrize(
    ("line", "planned", "inside"),
    [
        ("pada tanggal 3 Mei 2025", False, True),
        ("pada tanggal 3 Mei 2021\nPeraturan Nomor 9 Tahun 2025", False, False),
        ("Laporan Tahun 2025", False, True),
        ("Peraturan Nomor 9 Tahun 2025", False, False),
        ("Tahun Anggaran 2025\npada tanggal 30 Desember 2023", True, True),
        ("Tahun Anggaran 2023\npada tanggal 30 Desember 2022", True, False),
    ],
)
def test_a_documents_year_is_its_own_date_or_the_year_that_it_plans(line: str, planned: bool, inside: bool) -> None:
    assert find_year(text(line), YearWindow(2024, 2026), planned=planned).own is inside


# --- All together ---


def test_what_was_not_declared_is_shown_and_not_doubted() -> None:
    found = precheck(text("SURAT TUGAS\nNomor : 7/DS/2026\nPerihal : Undangan\nSungai Raya, 3 Mei 2026"), Declared())

    assert {each.item: each.outcome for each in found.findings} == dict.fromkeys(
        (Item.NUMBER, Item.DATED, Item.SUBJECT), Outcome.UNDECLARED
    )
    assert found.doubtful == ()
    assert "Nomor : 7/DS/2026" in found.findings[0].message


def test_a_document_without_text_has_no_findings() -> None:
    for state in TextState:
        if state is not TextState.READ:
            found = precheck(DocumentText(state), Declared(number="1/A/2026"))
            assert (found.findings, found.doubtful) == ((), ())
            assert found.message


def test_pages_that_were_not_read_are_told() -> None:
    document = DocumentText(TextState.READ, 90, (Page.of(1, FILLER), Page.of(2, "", picture=True)))

    assert precheck(document, Declared()).message == (
        "Teks 2 halaman pertama dari 90 halaman dibaca; selebihnya tidak. Tanpa teks (gambar atau pindaian): halaman 2."
    )


def test_a_long_line_is_quoted_around_the_place() -> None:
    line = f"{'kata ' * 100}Nomor 7/DS/2026 {'kata ' * 100}"
    page = Page.of(1, line)
    start = page.text.index("Nomor")

    quote = page.quote(start, start + 15)

    assert len(quote.text) < 200
    assert "Nomor 7/DS/2026" in quote.text
