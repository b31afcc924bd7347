"""What is written is read back as the same: XLSX and CSV, over made-up rows of every sheet."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from shared.tables.columns import SHEETS
from shared.tables.reading import read_tables
from shared.tables.report import Findings
from shared.tables.sheet import CellKind, Column, Sheet
from shared.tables.template import write_template
from shared.tables.typed import typed_rows
from shared.tables.values import Read
from shared.tables.writing import Row, csv_lines, write_workbook

SIGNS = "abcXYZ 09,.'\"=+-@é中&<>/()!?%"


def made(  # noqa: C901, PLR0911 - one case for each kind
    random: random.Random, column: Column
) -> Read:
    match column.kind:
        case CellKind.ID:
            return "2b0f6a4e-6d3c-5f0e-9a51-0c6f6f1d7a11"
        case CellKind.YEAR:
            return random.randint(2000, 2100)
        case CellKind.DAY:
            return date(1950, 1, 1) + timedelta(days=random.randrange(50_000))
        case CellKind.NUMBER:
            return Decimal(random.randint(-999_999, 999_999)).scaleb(-random.randrange(5)).normalize() + 0
        case CellKind.LEVEL:
            return random.randint(0, 3)
        case CellKind.CHOICE:
            return str(random.choice(column.choices).value)
        case CellKind.CHOICES:
            return tuple(each.value for each in column.choices[:: random.randint(2, 5)])
        case CellKind.YES_NO:
            return random.random() < 0.5
        case CellKind.NAMES:
            return tuple(dict.fromkeys(text(random) for _ in range(random.randint(1, 3))))
        case CellKind.PROSE:
            return f"{text(random)}\n{text(random)}"
    return text(random)


def text(random: random.Random) -> str:
    return " ".join("".join(random.choices(SIGNS, k=random.randint(1, 12))).split()) or "x"


def rows_of(sheet: Sheet, seed: int) -> list[dict[str, Read]]:
    chosen = random.Random(seed)
    print("seed", seed)
    return [
        {column.key: made(chosen, column) for column in sheet.columns if column.required or chosen.random() < 0.7}
        for _ in range(15)
    ]


def read_back(sheet: Sheet, body: bytes) -> list[Row]:
    (table,) = read_tables(io.BytesIO(body), f"{sheet.key}.csv")
    findings = Findings()
    found = [row.values for row in typed_rows(table, findings)]
    assert findings.kept == []
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("key", SHEETS)
def test_a_workbook_is_read_back_as_it_was_written(key: str, seed: int, tmp_path: Path) -> None:
    rows = rows_of(SHEETS[key], seed)

    write_workbook(tmp_path / "a.xlsx", [(SHEETS[key], rows)])

    assert read_back(SHEETS[key], (tmp_path / "a.xlsx").read_bytes()) == rows


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("key", SHEETS)
def test_a_csv_file_is_read_back_as_it_was_written(key: str, seed: int) -> None:
    rows = rows_of(SHEETS[key], seed)

    assert read_back(SHEETS[key], b"".join(csv_lines(SHEETS[key], rows))) == rows


def test_a_template_has_titles_help_and_lists_to_choose_from(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    write_template(path, [SHEETS["innovations"]], {"innovations.agency": ["Dinas Sosial"]})

    book = load_workbook(path)
    assert book.sheetnames == ["Inovasi", "Petunjuk", "Pilihan"]
    lists = {str(each.sqref): each.formula1 for each in book["Inovasi"].data_validations.dataValidation}
    assert lists["A2:A10001"] == "Pilihan!$A$2:$A$2"
    assert book["Pilihan"]["A2"].value == "Dinas Sosial"
    assert [book["Pilihan"][f"B{line}"].value for line in (1, 2, 5)] == ["Status", "Rancangan", "Terverifikasi"]


def test_an_empty_template_is_a_table_without_rows(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", list(SHEETS.values()))

    found = read_tables(tmp_path / "a.xlsx")

    assert [(each.sheet, list(each.rows), each.findings) for each in found] == [(key, [], []) for key in SHEETS]
