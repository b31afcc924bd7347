"""Reads one cell by the kind of its column. What is wrong is a sentence in Bahasa Indonesia."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from shared.contracts.fields import LINE, PROSE, UNSEEN, is_visible
from shared.tables.cells import Cell, Unusable, plain, shown
from shared.tables.days import day_of
from shared.tables.sheet import CellKind, Column, folded

Read = str | int | Decimal | date | bool | tuple[str, ...]
"""The value of a cell that was read."""

_LINE, _PROSE = re.compile(LINE), re.compile(PROSE)
_LONGEST_LINE, _LONGEST_PROSE = 500, 20_000
_FIRST_YEAR, _LAST_YEAR, _HIGHEST = 2000, 2100, 3
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,15})(?:,[0-9]{1,9})?", re.ASCII)
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,9})?", re.ASCII)
_LEVEL_WORD = re.compile(r"^\s*(?:level|parameter|p)\.?\s*(?=[0-9])", re.IGNORECASE)  # `Parameter 2`, `P2`
_DEGREES = frozenset(("latitude", "longitude"))  # where 109.406 is never 109 thousand
_NO_LEVEL = "harus 0, 1, 2 atau 3"
_YES, _NO = {"ya", "y", "yes", "sudah", "true", "1", "ada"}, {"tidak", "t", "no", "n", "belum", "false", "0"}
_UNUSABLE = {
    "formula": "sel ini berisi rumus; salin lalu tempel sebagai nilai",
    "error": "sel ini berisi kesalahan; isi dengan nilainya",
}


class WrongCell(ValueError):
    """A cell that cannot be read. code: stable."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def value_of(column: Column, cell: Cell) -> Read | None:
    """The value of a cell; None for one that says nothing. Raises WrongCell."""
    if isinstance(cell, Unusable):
        raise WrongCell(cell.code, _UNUSABLE[cell.code])
    if isinstance(cell, str) and not cell.strip():
        return None
    try:
        return _READERS[column.kind](column, cell)
    except WrongCell:
        raise
    except ValueError as error:
        raise WrongCell("malformed", str(error)) from None


def _line(column: Column, cell: Cell) -> str:
    text = " ".join(_text(cell).split())
    if len(text) > _LONGEST_LINE:
        raise ValueError(f"paling banyak {_LONGEST_LINE} karakter")
    if not _LINE.fullmatch(text) or (column.key == "name" and not is_visible(text)):
        raise ValueError(UNSEEN)
    return text


def _prose(_: Column, cell: Cell) -> str:
    text = _text(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > _LONGEST_PROSE:
        raise ValueError(f"paling banyak {_LONGEST_PROSE} karakter")
    if not _PROSE.fullmatch(text):
        raise ValueError(UNSEEN)
    return text


def _id(_: Column, cell: Cell) -> str:
    text = _text(cell).strip()
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("bukan ID dari sistem ini; kosongkan untuk yang baru") from None


def _year(column: Column, cell: Cell) -> int | str:
    word = column.by_word.get(folded(_text(cell)))
    if word is not None:
        return word
    number = _number(column, cell)
    if number != int(number) or not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise ValueError("harus tahun, misalnya 2026")
    return int(number)


def _day(_: Column, cell: Cell) -> date:
    return day_of(cell)


def _number(column: Column, cell: Cell) -> Decimal:
    if isinstance(cell, Decimal):
        return cell
    text = _text(cell).strip().replace("\u2212", "-").removesuffix("%").strip()
    try:
        if column.key not in _DEGREES and _NUMBER.fullmatch(text) and not text.lstrip("+-").startswith("0."):
            return Decimal(text.replace(".", "").replace(",", "."))
        if _PLAIN_NUMBER.fullmatch(text):
            return Decimal(text.replace(",", "."))
    except InvalidOperation:
        pass
    raise ValueError("harus angka, misalnya 1.234,5")


def _level(column: Column, cell: Cell) -> int:
    try:
        number = _number(column, _LEVEL_WORD.sub("", cell) if isinstance(cell, str) else cell)
    except ValueError:
        raise ValueError(_NO_LEVEL) from None
    if number != int(number) or not 0 <= number <= _HIGHEST:
        raise ValueError(_NO_LEVEL)
    return int(number)


def _choice(column: Column, cell: Cell) -> str:
    return _chosen(column, _text(cell))


def _choices(column: Column, cell: Cell) -> tuple[str, ...]:
    whole = column.by_word.get(folded(_text(cell)))
    if whole is not None:
        return (whole,)
    parts = [part for part in re.split(r"[;|\n]", _text(cell)) if part.strip()]
    if len(parts) == 1 and all(each.strip().isdecimal() for each in parts[0].split(",")):
        parts = parts[0].split(",")
    return tuple(dict.fromkeys(_chosen(column, part) for part in parts))


def _chosen(column: Column, text: str) -> str:
    value = column.by_word.get(folded(text))
    if value is None:
        words = ", ".join(each.word for each in column.choices[:12])
        more = ", …" if len(column.choices) > 12 else ""  # noqa: PLR2004 - as above
        raise WrongCell("choice", f"harus salah satu dari: {words}{more}")
    return value


def _yes_no(_: Column, cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    word = folded(_text(cell))
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError("harus ya atau tidak")


def _names(_: Column, cell: Cell) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in re.split(r"[;|\n]", _text(cell)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _text(cell: Cell) -> str:
    return plain(cell) if isinstance(cell, Decimal) else shown(cell)


_READERS: dict[CellKind, Callable[[Column, Cell], Read]] = {
    CellKind.LINE: _line,
    CellKind.PROSE: _prose,
    CellKind.ID: _id,
    CellKind.YEAR: _year,
    CellKind.DAY: _day,
    CellKind.NUMBER: _number,
    CellKind.LEVEL: _level,
    CellKind.CHOICE: _choice,
    CellKind.CHOICES: _choices,
    CellKind.YES_NO: _yes_no,
    CellKind.NAMES: _names,
}
