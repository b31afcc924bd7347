"""Workbooks that are joined hold all sheets, and the same content gives the same bytes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from shared.tables.joining import join_books
from shared.tables.workbook import Book

ROWS = {
    "Satu": [["Nama", "Angka"], ["=1+1", Decimal("1.5")], ["Ánté 日本", date(2026, 12, 31)]],
    "Dua": [["A"], ["baris\nkedua"]],
    "Tiga": [["B"], [7]],
}


def written(path: Path, *titles: str) -> Path:
    with Book(path) as book:
        for title in titles:
            sheet = book.sheet(title, (12,), frozen=(1, 1), long=title == titles[-1])
            sheet.heads([str(cell) for cell in ROWS[title][0]])
            sheet.rows(ROWS[title][1:])
    return path


def cells(path: Path) -> dict[str, list[list[object]]]:
    book = load_workbook(BytesIO(path.read_bytes()))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def test_joined_books_hold_what_one_book_would(tmp_path: Path) -> None:
    one = written(tmp_path / "one.xlsx", "Satu", "Dua")
    two = written(tmp_path / "two.xlsx", "Tiga")
    whole = written(tmp_path / "whole.xlsx", "Satu", "Dua", "Tiga")

    join_books(tmp_path / "joined.xlsx", [one, two])
    join_books(tmp_path / "again.xlsx", [one, two])

    found = cells(tmp_path / "joined.xlsx")
    assert sorted(found) == ["Dua", "Satu", "Tiga"]
    assert found == cells(whole)
    assert (tmp_path / "joined.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
