"""Writes the office's workbook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.office.sheets import ROWS, OfficeSheet


def write_book(sheets: Sequence[OfficeSheet], path: Path) -> None:
    """An XLSX file with these sheets, a cover sheet that is no table, and a hidden sheet of former years."""
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = "Sampul"
    cover["B2"] = "Rekapitulasi inovasi daerah (contoh)"
    for each in sheets:
        _fill(book.create_sheet(each.title), each)
    hidden = book.create_sheet("Sheet9")
    hidden.sheet_state = "hidden"
    hidden.append(["OPD", "Tahun", "Judul Inovasi"])
    hidden.append(["Dinas yang sudah lama tidak ada", 2019, "Jangan dibaca"])
    book.save(path)


def _fill(page: Worksheet, sheet: OfficeSheet) -> None:
    places = {key: number for number, key in enumerate(sheet.titles, start=2)}  # after the running number
    for number, text in enumerate(sheet.top, start=1):
        page.cell(number, 1, text)
        page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(places) + 1)
    if sheet.grouped:
        for group, name in (("Klaim", "level"), ("Terverifikasi", "verified")):
            first, last = places[f"{name}.{ROWS[0]}"], places[f"{name}.{ROWS[-1]}"]
            page.cell(sheet.head - 1, first, group)
            page.merge_cells(start_row=sheet.head - 1, end_row=sheet.head - 1, start_column=first, end_column=last)
    page.cell(sheet.head, 1, "No")
    for key, place in places.items():
        page.cell(sheet.head, place, sheet.titles[key])
    for place in range(1, len(places) + 2) if sheet.numbered else ():
        page.cell(sheet.head + 1, place, f"({place})")
    for count, (row, line) in enumerate(sheet.lines.items(), start=1):
        page.cell(row, 1, count)
        for key, cell in line.items():
            page.cell(row, places[key], cell)  # type: ignore[call-overload]
    if sheet.merged:
        _merge(page, sheet, places["agency"])


def _merge(page: Worksheet, sheet: OfficeSheet, place: int) -> None:
    """One cell for the neighbouring lines of an agency."""
    starts = [row for row in sheet.lines if sheet.lines.get(row - 1, {}).get("agency") != sheet.lines[row]["agency"]]
    for first, following in pairwise([*starts, max(sheet.lines) + 1]):
        if following - first > 1:
            page.merge_cells(start_row=first, end_row=following - 1, start_column=place, end_column=place)
