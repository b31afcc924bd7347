"""Reads a file of an office: CSV or XLSX, by its content, never by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from shared.tables.cells import shown
from shared.tables.columns import SHEETS
from shared.tables.csv_reading import read_csv
from shared.tables.limits import LARGEST_FILE, MEGABYTE, MOST_ROWS, Budget, refused
from shared.tables.matching import Match, match_of
from shared.tables.raw import RawSheet
from shared.tables.report import Finding, quoted
from shared.tables.sheet import Sheet
from shared.tables.table import Rows, Table
from shared.tables.xlsx.package import ZIP, is_old_workbook
from shared.tables.xlsx.reading import read_workbook

_MOST_UNKNOWN = 20  # titles that are named


def read_tables(file: BinaryIO | Path, name: str = "", sheets: Iterable[Sheet] | None = None) -> list[Table]:
    """The tables of a file, in its order. name: for a CSV file, whose only sheet has no title: `agencies.csv` is then
    what decides if the columns do not; sheets: that may be in it, by default all.

    Raises Invalid (field `file`) for a file that cannot be read, is too large, has macros, or holds no sheet of ours.
    Slow for a long one (some seconds for 10,000 rows): run it in a thread.
    """
    if isinstance(file, Path):
        try:
            with file.open("rb") as opened:
                return read_tables(opened, name or file.name, sheets)
        except OSError as error:
            raise refused("unreadable", f"tidak dapat dibaca: {error.strerror or error}") from error
    wanted = list(SHEETS.values() if sheets is None else sheets)
    found = [table for raw in _raw_sheets(file, name) if (table := _table(raw, wanted)) is not None]
    if not found:
        titles = ", ".join(each.title for each in wanted)
        raise refused("no-sheet", f"tidak ada lembar yang dikenal; yang dikenal: {titles}")
    return found


def _raw_sheets(file: BinaryIO, name: str) -> Iterator[RawSheet]:
    size = file.seek(0, 2)
    file.seek(0)
    if size > LARGEST_FILE:
        raise refused("too-large", f"berkas lebih besar dari {LARGEST_FILE // MEGABYTE} MB")
    if size == 0:
        raise refused("empty", "berkas kosong")
    head = file.read(8)
    file.seek(0)
    if is_old_workbook(head):
        raise refused("old-workbook", "buku kerja lama atau berkata sandi; simpan sebagai XLSX tanpa kata sandi")
    budget = Budget()
    if head.startswith(ZIP):
        yield from read_workbook(file, budget)
        return
    raw = read_csv(file, budget)
    raw.title = "" if len(raw) == 0 else Path(name).stem
    if len(raw):
        yield raw


def _table(raw: RawSheet, sheets: list[Sheet]) -> Table | None:
    match = match_of(raw, sheets)
    if match is None:
        return None
    keys = {place: column.key for place, column in match.columns.items()}
    titled = {place for line in raw.head if line.number == match.head for place in line.cells}
    rows = Rows(raw, match.head, keys, titled)
    if len(rows) > MOST_ROWS:
        raise refused("too-long", f"paling banyak {MOST_ROWS} baris dalam satu lembar")
    return Table(
        match.sheet.key,
        match.sheet,
        raw.title,
        match.titles,
        rows,
        [each.model_copy(update={"title": raw.title}) for each in _said(match, rows)],
    )


def _said(match: Match, rows: Rows) -> Iterator[Finding]:
    sheet = match.sheet
    for key in sorted(sheet.required - match.titles.keys()):
        header = sheet.by_key[key].header
        yield Finding(
            sheet=sheet.key, row=match.head, column=header, code="missing-column", reason="kolom ini harus ada"
        )
    for title in match.twice:
        yield Finding(
            sheet=sheet.key, row=match.head, column=quoted(title), code="column-twice", reason="kolom ini ada dua kali"
        )
    for title in match.unknown[:_MOST_UNKNOWN]:
        why = "kolom ini tidak dikenal dan tidak dibaca"
        yield Finding(
            sheet=sheet.key, row=match.head, column=quoted(title), code="unknown-column", reason=why, note=True
        )
    for number, cell in rows.untitled:
        why = "sel tanpa judul kolom tidak dibaca; di CSV, sel yang berisi pemisah harus diapit tanda kutip"
        value = quoted(shown(cell))
        yield Finding(sheet=sheet.key, row=number, value=value, code="no-title", reason=why, note=True)
