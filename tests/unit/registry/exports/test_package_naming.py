from __future__ import annotations

import pytest

from services.registry.evidence.evidence import ROWS
from services.registry.exports.package.naming import file_name, innovation_folder, plain, row_folder


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows", "C-Windows"),
        ("Ánté: <LPT1>?", "Ante- -LPT1"),
        ("  dua   kata \n ", "dua kata"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", ""),
        ("عربي", ""),
    ],
)
def test_a_name_has_only_signs_that_every_system_takes(text: str, name: str) -> None:
    assert plain(text, 50) == name


def test_a_long_name_is_cut_at_a_word() -> None:
    assert plain("Sistem Informasi Layanan Terpadu", 20) == "Sistem Informasi"
    assert plain("x" * 30, 20) == "x" * 20


def test_folders_sort_as_the_national_form_does() -> None:
    folders = [row_folder(row) for row in ROWS]
    assert folders == sorted(folders)
    assert innovation_folder(7, None) == "007"


def test_a_file_has_the_number_of_its_row_its_place_and_its_letter() -> None:
    assert file_name("18", 2, "900/12/BPKAD/2025", "application/pdf") == "18-02 900-12-BPKAD-2025.pdf"
    assert file_name("19", 1, None, "image/jpeg") == "19-01.jpg"
