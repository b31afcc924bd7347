from __future__ import annotations

import pytest

from shared.faults import Invalid
from shared.tables.cells import Unusable
from tests.unit.tables.books import tables

TEXT = 'Nama;Jenis\r\n"Dinas\r\nKésehatan";Dinas\r\n\r\nDinas B;Badan\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_an_encoding_and_a_separator_of_offices_is_found(encoding: str, separator: str) -> None:
    (found,) = tables(TEXT.replace(";", separator).encode(encoding))

    assert [(row.number, row.cells["name"]) for row in found.rows] == [(2, "Dinas\r\nKésehatan"), (4, "Dinas B")]


def test_the_separator_that_excel_declares_is_obeyed() -> None:
    (found,) = tables(b"sep=;\r\nNama;Jenis\r\nDinas, Badan;Dinas\r\n")

    assert next(iter(found.rows)).cells["name"] == "Dinas, Badan"
    assert next(iter(found.rows)).number == 3


def test_a_formula_is_no_value_and_what_was_disarmed_is_text_again() -> None:
    (found,) = tables(b"Nama,Jenis\n=1+1,Dinas\n'=A,Dinas\n\"'-satu;'=dua\",Dinas\n'Aisyiyah,Dinas\n")

    assert [row.cells["name"] for row in found.rows] == [
        Unusable("formula", "=1+1"),
        "=A",
        "-satu;=dua",
        "'Aisyiyah",
    ]


def test_a_csv_without_titles_of_ours_is_known_by_its_name() -> None:
    (found,) = tables(b"Nama,Alamat\nA,B\n", "agencies.csv")

    assert [each.code for each in found.findings] == ["missing-column", "unknown-column"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 100, "binary"),
        (b"Nama,Jenis\nA\x07,B\n", "binary"),
        (b"Nama,Jenis\n\x81,B\n", "wrong-encoding"),
        (b"\xff\xfeN", "wrong-encoding"),
        (b'Nama,Jenis\n"A,B\n', "malformed"),
        (b"Nama,Jenis\n" + b"A" * 140_000 + b",B\n", "malformed"),
        (b"Alamat,Kota\nA,B\n", "no-sheet"),
        (b"Nama,Jenis\n" + b"A,Dinas\n" * 20_001, "too-long"),
        (b"Nama,Jenis\n" + b"A,Dinas\n" * 10_001, "too-long"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old-workbook"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_with_its_reason(body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        tables(body)

    assert [(each.field, each.code) for each in refused.value.flaws] == [("file", code)]


def test_a_cell_without_a_title_is_noted() -> None:
    head = b"OPD;Tahun;Nomor perjanjian;Tanggal perjanjian;Inovasi\n"
    body = head + b"Dinas A;2026;1;2026-01-12;Satu; Dua\nDinas B;2026;2;2026-01-12;Tiga\n"

    (found,) = tables(body, "perjanjian.csv")

    assert [(each.row, each.value, each.code, each.note) for each in found.findings] == [(2, " Dua", "no-title", True)]
    assert len(found.rows) == 2
