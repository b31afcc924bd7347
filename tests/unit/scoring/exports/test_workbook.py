"""Workbooks as another program reads them: what was written, typed, laid out, and nothing left open."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from shared.tables.cells import Value
from shared.tables.workbook import Book
from shared.tables.workbook_cells import COLUMNS, Bold, Cells
from shared.web.spreadsheet import LONGEST, clean, runs
from tests.support.scoring_examples import calm


def cells_of(path: Path, *rows: list[Value]) -> list[list[Any]]:
    with Book(path) as book:
        book.sheet("Lembar").rows(rows)
    return [list(row) for row in load_workbook(path).worksheets[0].iter_rows()]


@calm
@given(
    text=st.text(min_size=1, max_size=40) | st.sampled_from(["=1+1", " x ", "a\rb", "a\r\nb", "<&>\"'", "]]>", "\n"])
)
def test_any_text_reads_back_and_is_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    ((cell, after),) = cells_of(tmp_path_factory.mktemp("buku") / "a.xlsx", [text, "x"])

    assert (cell.value or "") == clean(text)
    assert cell.data_type in {"s", "inlineStr", "n"}
    assert cell.quotePrefix == runs(clean(text))
    assert after.value == "x"


def test_numbers_are_numbers_and_the_rest_is_words(tmp_path: Path) -> None:
    moment = datetime(2026, 12, 3, 1, 2, tzinfo=UTC)
    row: list[Value] = [3, -5, Decimal("7.0"), Decimal("12.34"), Decimal("1E+3"), True, False, None, "", moment, "7"]

    (cells,) = cells_of(tmp_path / "a.xlsx", row)

    values = [3, -5, 7, 12.34, 1000, "Ya", "Tidak", None, None, "2026-12-03T01:02:00+00:00", "7"]
    assert [cell.value for cell in cells] == values
    assert [cell.data_type for cell in cells[:5]] == ["n"] * 5


def test_a_text_is_cut_where_a_cell_ends(tmp_path: Path) -> None:
    ((cell,),) = cells_of(tmp_path / "a.xlsx", ["x" * (LONGEST + 1)])

    assert len(cell.value) == LONGEST


def test_a_sheet_has_its_layout(tmp_path: Path) -> None:
    with Book(tmp_path / "a.xlsx") as book:
        sheet = book.sheet("Rincian: a/b [c] " + "x" * 40, (5, 30), frozen=(3, 2))
        sheet.note("Judul", "Catatan")
        sheet.heads(("No", "=Inovasi"))
        sheet.blank()
        sheet.pair("Nama", "Peci")
        book.sheet("Kedua").rows([["a"]])
    read = load_workbook(tmp_path / "a.xlsx")
    first = read.worksheets[0]

    assert read.properties.creator == "Satu Inovasi"
    assert [each.title for each in read.worksheets] == ["Rincian- a-b -c- xxxxxxxxxxxxxx", "Kedua"]
    assert [[cell.value for cell in row] for row in first.iter_rows()] == [
        ["Judul", None],
        ["Catatan", None],
        ["No", "=Inovasi"],
        [None, None],
        ["Nama", "Peci"],
    ]
    assert [cell.font.bold for cell in (first["A1"], first["A3"], first["B3"], first["A5"], first["B5"])] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert (first["A3"].alignment.wrap_text, first["A3"].alignment.vertical) == (True, "top")
    assert (first["A3"].quotePrefix, first["B3"].quotePrefix) == (False, True)
    assert [first.column_dimensions[name].width for name in "AB"] == [5, 30]
    assert first.freeze_panes == "C4"
    setup = first.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 9, 0)
    assert first.sheet_properties.pageSetUpPr.fitToPage


def test_the_columns_are_named_as_in_a_spreadsheet(tmp_path: Path) -> None:
    (cells,) = cells_of(tmp_path / "a.xlsx", list(range(len(COLUMNS))))

    assert [cell.value for cell in cells] == list(range(len(COLUMNS)))
    assert (cells[0].coordinate, cells[26].coordinate, cells[-1].coordinate) == ("A1", "AA1", "ZZ1")


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        cells_of(tmp_path / name, ["Peci", 3])

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_rows_of_a_long_sheet_are_in_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Book(path) as book:
        short, long = book.sheet("Pendek"), book.sheet("Panjang", long=True)
        for number in range(2_000):
            short.rows([[number]])
            long.rows([[number, f"teks {number * 7919}"]])
        assert path.stat().st_size > 5_000
    read = load_workbook(path)

    assert [sheet.title for sheet in read.worksheets] == ["Pendek", "Panjang"]
    assert [row[0] for sheet in read.worksheets for row in sheet.iter_rows(values_only=True)] == [*range(2_000)] * 2


class Unprintable:
    """No value of a cell."""

    def __str__(self) -> str:
        raise RuntimeError("stop")


def write_both(book: Book, rows: list[list[Any]]) -> None:
    short, long = book.sheet("Pendek"), book.sheet("Panjang", long=True)
    short.rows(rows[:1])
    long.rows(rows)


def test_a_book_that_is_given_up_is_no_workbook_and_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows: list[list[Any]] = [["a"], [Unprintable()]]
    with pytest.raises(RuntimeError, match="stop"), Book(path) as book:
        write_both(book, rows)

    with pytest.raises((KeyError, BadZipFile)):
        load_workbook(BytesIO(path.read_bytes()))
    with ZipFile(path) as archive:
        assert "xl/workbook.xml" not in archive.namelist()


def test_kept_texts_are_bounded_and_change_nothing() -> None:
    cells = Cells()
    texts = [f"teks {number}" for number in range(4_500)] + ["x" * 10_000, "teks 1"]

    for number, text in enumerate(texts):
        assert cells.row(number, [text, Bold(text)]) == Cells().row(number, [text, Bold(text)])

    assert len(cells._texts) <= 4_000
    assert max(len(text) for text in cells._texts) <= 500
