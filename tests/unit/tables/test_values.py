from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shared.tables.cells import Cell, Unusable
from shared.tables.columns import AGENCIES, CONTACTS, INNOVATIONS, SHEETS
from shared.tables.values import WrongCell, value_of

COLUMNS = {**AGENCIES.by_key, **CONTACTS.by_key, **INNOVATIONS.by_key}


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("name", "  Dinas \n Sosial ", "Dinas Sosial"),
        ("name", Decimal("16.0"), "16"),
        ("kind", "rumah sakit", "rsud"),
        ("kind", "UPTD", "upt"),
        ("year", "2026", 2026),
        ("year", Decimal(2026), 2026),
        ("obliged_from", "Semua tahun", "all"),
        ("applied_on", "3 Desember 2026", date(2026, 12, 3)),
        ("applied_on", "Kamis, 3 Des. 2026", date(2026, 12, 3)),
        ("applied_on", "3/12/2026", date(2026, 12, 3)),
        ("applied_on", "2026-12-03 00:00:00", date(2026, 12, 3)),
        ("applied_on", Decimal(46359), date(2026, 12, 3)),
        ("value.33", "1.250", Decimal(1250)),
        ("value.33", "1.234,5", Decimal("1234.5")),
        ("value.33", "0.125", Decimal("0.125")),
        ("value.33", "12,5 %", Decimal("12.5")),
        ("latitude", "-0.113", Decimal("-0.113")),
        ("longitude", "109,406", Decimal("109.406")),
        ("level.16", Decimal(3), 3),
        ("level.16", "Parameter 2", 2),
        ("level.16", " p1 ", 1),
        ("level.16", "Level 0", 0),
        ("asta_cita", "4, 7", ("4", "7")),
        ("related_affairs", "Pangan; sosial", ("pangan", "sosial")),
        ("main_affair", "Koperasi, Usaha Kecil dan Menengah", "koperasi_dan_ukm"),
        ("form", "Inovasi Pelayanan Publik", "pelayanan_publik"),
        ("developed", True, True),
        ("developed", "belum", False),
        ("agencies", "Dinas A | Dinas B", ("Dinas A", "Dinas B")),
        ("design", "satu\r\n\r\ndua", "satu\n\ndua"),
    ],
)
def test_a_cell_is_read_by_the_kind_of_its_column(key: str, cell: Cell, value: object) -> None:
    assert value_of(COLUMNS[key], cell) == value


@pytest.mark.parametrize(
    ("key", "cell", "code"),
    [
        ("kind", "Kantor", "choice"),
        ("year", "26", "malformed"),
        ("applied_on", "31/02/2026", "malformed"),
        ("applied_on", "Desember 2026", "malformed"),
        ("level.16", "4", "malformed"),
        ("level.16", "2,5", "malformed"),
        ("level.16", "Parameter", "malformed"),
        ("value.33", "banyak", "malformed"),
        ("developed", "mungkin", "malformed"),
        ("name", "Dinas\u202eSosial", "malformed"),
        ("id", "123", "malformed"),
        ("name", Unusable("formula", "=A1"), "formula"),
        ("name", Unusable("error", "#N/A"), "error"),
    ],
)
def test_what_is_wrong_with_a_cell_has_a_code_and_a_sentence(key: str, cell: Cell, code: str) -> None:
    with pytest.raises(WrongCell) as wrong:
        value_of(COLUMNS[key], cell)

    assert wrong.value.code == code
    assert str(wrong.value)


def test_no_title_of_a_sheet_means_two_columns() -> None:
    for sheet in SHEETS.values():
        headers = [column.header for column in sheet.columns]
        assert len(set(headers)) == len(headers)
        assert {sheet.by_header[title].key for title in sheet.by_header} == set(sheet.by_key)
