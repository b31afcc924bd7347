"""Templates: an empty table with the titles of the columns, what to write under them, and lists to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from shared.tables.sheet import CellKind, Column, Sheet
from shared.tables.workbook import Book
from shared.tables.workbook_cells import COLUMNS

CHOICES = "Pilihan"
HELP = "Petunjuk"
_LAST = 10_001  # the line after the titles and MOST_ROWS

_SAYS = {
    CellKind.DAY: "Tanggal, misalnya 31/12/2026 atau 31 Desember 2026.",
    CellKind.YEAR: "Tahun, misalnya 2026.",
    CellKind.NUMBER: "Angka, misalnya 1.234,5.",
    CellKind.LEVEL: "0, 1, 2 atau 3.",
    CellKind.YES_NO: "Ya atau Tidak.",
    CellKind.CHOICE: "Pilih dari daftar.",
    CellKind.CHOICES: "Satu atau beberapa dari daftar pada lembar Pilihan, dipisahkan dengan ;",
    CellKind.ID: "Diisi oleh sistem.",
}
_YES_NO = ("Ya", "Tidak")
_LEVELS = ("0", "1", "2", "3")


def write_template(path: Path, sheets: Sequence[Sheet], names: Mapping[str, Sequence[str]] | None = None) -> None:
    """Write a template. names: key of a column → the values of this region to choose from, such as the names of its
    agencies."""
    lists = _Lists(names or {})
    wanted = [(sheet, [column for column in sheet.columns if not column.rare]) for sheet in sheets]
    with Book(path) as book:
        for sheet, columns in wanted:
            made = book.sheet(
                sheet.title, [column.width for column in columns], frozen=(1, 1), lists=lists.of(sheet, columns)
            )
            made.heads([f"{column.header} *" if column.required else column.header for column in columns])
        explained = book.sheet(HELP, (24, 32, 90))
        explained.note("Kolom bertanda * wajib diisi. Baris kosong dilewati. Sel kosong tidak mengubah yang tersimpan.")
        explained.heads(("Lembar", "Kolom", "Isi"))
        for sheet, columns in wanted:
            explained.rows([sheet.title, column.header, _help(column)] for column in columns)
        choices = book.sheet(CHOICES, [32] * len(lists.columns))
        choices.heads([title for title, _ in lists.columns])
        longest = max((len(values) for _, values in lists.columns), default=0)
        choices.rows(
            [values[line] if line < len(values) else None for _, values in lists.columns] for line in range(longest)
        )


class _Lists:
    """The columns of the sheet of choices."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self.columns: list[tuple[str, Sequence[str]]] = []
        self._names = names
        self._known: dict[tuple[str, ...], int] = {}

    def of(self, sheet: Sheet, columns: Iterable[Column]) -> dict[str, str]:
        """Cells of the sheet → the cells that hold their choices."""
        found: dict[str, str] = {}
        for place, column in enumerate(columns):
            values = self._values(sheet, column)
            if not values:
                continue
            number = self._place(column.header, values)
            if column.kind is CellKind.CHOICES:
                continue  # a list in a cell can give one value only
            letter = COLUMNS[place]
            found[f"{letter}2:{letter}{_LAST}"] = f"{CHOICES}!${COLUMNS[number]}$2:${COLUMNS[number]}${len(values) + 1}"
        return found

    def _place(self, title: str, values: Sequence[str]) -> int:
        key = tuple(values)
        if key not in self._known:
            self._known[key] = len(self.columns)
            self.columns.append((title, values))
        return self._known[key]

    def _values(self, sheet: Sheet, column: Column) -> Sequence[str]:
        if column.kind is CellKind.YES_NO:
            return _YES_NO
        if column.kind is CellKind.LEVEL:
            return _LEVELS
        if column.choices and column.kind is not CellKind.YEAR:
            return [each.word for each in column.choices]
        return self._names.get(f"{sheet.key}.{column.key}", ())


def _help(column: Column) -> str:
    says = (_SAYS.get(column.kind, "") if column.kind is not CellKind.LEVEL or not column.help else "", column.help)
    return " ".join(each for each in says if each)
