from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import numbers

from shared.tables.cells import Unusable
from tests.unit.tables.books import AGENCIES, book, repacked, replacing, saved, tables


def test_several_sheets_are_recognised_by_title_or_by_columns() -> None:
    body = book(
        Daftar_OPD=[["No", "Nama OPD", "Jenis"], [1, "Dinas Sosial", "Dinas"]],
        Lembar1=[["OPD", "Tahun", "Judul inovasi"], ["Dinas Sosial", 2025, "Adu KPM"]],
        Catatan=[["Rapat tanggal 3"]],
    )

    found = tables(body)

    assert [(each.sheet, each.title) for each in found] == [("agencies", "Daftar OPD"), ("innovations", "Lembar1")]
    assert next(iter(found[1].rows)).number == 2
    assert next(iter(found[1].rows)).cells == {"agency": "Dinas Sosial", "year": Decimal(2025), "name": "Adu KPM"}


def test_titles_may_stand_below_a_heading_that_is_merged() -> None:
    made = Workbook()
    sheet = made.active
    sheet.append(["DAFTAR PERANGKAT DAERAH KABUPATEN CONTOH"])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    sheet.append(["No.", *AGENCIES])
    sheet.append(["I. DINAS"])
    sheet.merge_cells("A4:C4")
    sheet.append([1, "Dinas Sosial", "Dinas"])

    (found,) = tables(saved(made))

    assert [(row.number, row.cells["name"]) for row in found.rows] == [(5, "Dinas Sosial")]
    assert [(each.column, each.note) for each in found.findings] == [("No.", True)]


def test_a_cell_merged_downwards_counts_for_each_of_its_lines_and_one_merged_across_names_a_group() -> None:
    made = Workbook()
    sheet = made.active
    sheet.title = "Inovasi"
    for place, title in {"A1": "OPD", "B1": "Tahun", "C1": "Judul", "D1": "Level", "F1": "Terverifikasi"}.items():
        sheet[place] = title
    for place, title in {"D2": 16, "E2": "17", "F2": "16", "G2": 17}.items():
        sheet[place] = title
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"):
        sheet.merge_cells(cells)
    sheet.append(["Dinas Sosial", 2024, "Satu", 3, 2, 1, 0])
    sheet["B4"], sheet["C4"] = 2025, "Dua"
    sheet.merge_cells("A3:A4")

    (found,) = tables(saved(made))

    assert found.titles.keys() == {"agency", "year", "name", "level.16", "level.17", "verified.16", "verified.17"}
    assert [found.titles[f"{key}.16"] for key in ("level", "verified")] == ["16", "Terverifikasi 16"]
    assert next(iter(found.rows)).cells["verified.16"] == Decimal(1)
    assert [row.cells["agency"] for row in found.rows] == ["Dinas Sosial"] * 2


def test_a_line_that_numbers_the_columns_is_no_row() -> None:
    made = Workbook()
    sheet = made.active
    sheet.title = "OPD"
    for row in (["No", "Nama OPD", "Jenis"], ["(1)", "(2)", "(3)"], [1, "Dinas Sosial", "Dinas"], [1, 2, 3]):
        sheet.append(row)

    (found,) = tables(saved(made))

    assert [row.number for row in found.rows] == [3, 4]


def test_a_sheet_that_adds_up_others_is_no_table_of_agencies() -> None:
    made = Workbook()
    for title in ("OPD", "Jumlah"):
        sheet = made.create_sheet(title)
        sheet.append(["Perangkat daerah", "Jenis", "Jumlah"])
        sheet.append(["Dinas Sosial", "Dinas", 3])

    assert [each.title for each in tables(saved(made))] == ["OPD"]


def test_days_are_read_as_excel_has_them() -> None:
    made = Workbook()
    sheet = made.active
    sheet.append([*AGENCIES, "Ditutup tanggal"])
    sheet.append(["A", "Dinas", date(2026, 1, 2)])
    sheet.append(["B", "Dinas", datetime(2026, 1, 2, 13, 45)])  # noqa: DTZ001 - as Excel has it
    sheet.append(["C", "Dinas", 46024])
    sheet["C4"].number_format = 'dd" hari "mmmm\\ yyyy'
    sheet.append(["D", "Dinas", 46024])
    sheet["C5"].number_format = numbers.FORMAT_NUMBER_00

    (found,) = tables(saved(made))

    assert [row.cells["retired_on"] for row in found.rows] == [date(2026, 1, 2)] * 3 + [Decimal(46024)]


def test_days_counted_from_1904_are_read_as_such() -> None:
    made = Workbook()
    made.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - as Excel has it
    made.active.append([*AGENCIES, "Ditutup tanggal"])
    made.active.append(["A", "Dinas", date(2026, 1, 2)])

    (found,) = tables(saved(made))

    assert next(iter(found.rows)).cells["retired_on"] == date(2026, 1, 2)


def test_a_formula_and_an_error_are_no_values() -> None:
    body = book(OPD=[AGENCIES, ["=A1", "Dinas"], ["#N/A", "Dinas"]])

    (found,) = tables(body)

    assert [row.cells["name"] for row in found.rows] == [Unusable("formula", ""), Unusable("error", "#N/A")]


def test_hidden_sheets_are_left_out() -> None:
    made = Workbook()
    made.active.append(AGENCIES)
    made.active.append(["A", "Dinas"])
    other = made.create_sheet("OPD lama")
    other.append(AGENCIES)
    other.append(["B", "Dinas"])
    other.sheet_state = "hidden"

    assert len(tables(saved(made))) == 1


def test_columns_that_lack_or_come_twice_are_said() -> None:
    body = book(Perangkat_Daerah=[["Nama", "OPD", "Alamat"], ["A", "B", "C"]])

    (found,) = tables(body)

    assert {(each.code, each.column, each.note) for each in found.findings} == {
        ("missing-column", "Jenis", False),
        ("column-twice", "OPD", False),
        ("unknown-column", "Alamat", True),
    }


def test_shared_texts_are_read_without_their_phonetic_hints() -> None:
    relation = (
        b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
        b' Target="sharedStrings.xml" Id="rId99"/></Relationships>'
    )
    texts = b"<sst><si><r><t>Dinas </t></r><r><t>Sosial</t></r><rPh><t>x</t></rPh></si><si><t>Dinas</t></si></sst>"
    row = b'<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row></sheetData>'
    changed = {
        "xl/_rels/workbook.xml.rels": lambda data: data.replace(b"</Relationships>", relation),
        "xl/worksheets/sheet1.xml": lambda data: data.replace(b"</sheetData>", row),
    }

    (found,) = tables(repacked(book(OPD=[AGENCIES]), replacing(changed), xl__sharedStrings_dot_xml=texts))

    assert next(iter(found.rows)).cells == {"name": "Dinas Sosial", "kind": "Dinas"}
