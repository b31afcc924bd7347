"""Reads a table of contacts in CSV. Flaws are reported with their line and column, and nothing is imported if there is
one. Lines, columns and cells are counted and measured before anything else is done with them.

Columns, in any order: ``nama``, ``email``, ``telepon``, ``perangkat_daerah`` (in English ``name``, ``email``,
``phone``, ``agency``). An agency is its id or its exact name; several are separated by `|`. One person may have several
lines, one for each agency. Comma or semicolon, UTF-8 with or without a byte order mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.notifications.contacts.fields import email_address, mobile_number
from shared.contracts.fields import is_visible
from shared.faults import Flaw, Flaws, Invalid

MOST_ROWS = 5_000
"""Persons in one table."""

MOST_LINES = 20_000
"""Lines of one table: a person may have several."""

_MOST_COLUMNS = 50
_MOST_AGENCIES = 200  # of one line, as of one contact
_LONGEST_NAME = 200
_LONGEST_CELL = 254  # of an address or a phone number
_UUID = 36  # characters
_COLUMNS = {
    "nama": "name",
    "name": "name",
    "email": "email",
    "surel": "email",
    "telepon": "phone",
    "phone": "phone",
    "perangkat_daerah": "agencies",
    "agency": "agencies",
    "agencies": "agencies",
}
AMBIGUOUS = ""
"""In place of an agency's id: two agencies of the region share the name."""

_NEEDED = {"name": "nama", "agencies": "perangkat_daerah"}


class Row(BaseModel):
    """One person of the table. line: the number of the person's first line; email, phone: normalised, or empty."""

    model_config = ConfigDict(frozen=True)

    line: int
    name: str
    email: str
    phone: str
    agencies: tuple[str, ...]


class _TableReader:
    """Collects rows and flaws."""

    def __init__(self, agencies: Mapping[str, str]) -> None:
        self.flaws = Flaws()
        self.rows: list[Row] = []
        self._agencies = agencies
        self._ambiguous = {name for name, id in agencies.items() if id == AMBIGUOUS}
        self._indexes: dict[str, int] = {}

    def line(self, number: int, cells: Mapping[str, str], columns: Mapping[str, str]) -> None:
        """Read one line of the table. columns: our name of a column → the table's."""

        def add_flaw(column: str, code: str, message: str) -> None:
            name = columns.get(column, column)
            self.flaws.append(Flaw(f"line.{number}.{name}", code, f"baris {number}, kolom {name}: {message}"))

        before = self.flaws.found
        name = " ".join(cells.get("name", "").split())
        if not name:
            add_flaw("name", "missing", "wajib diisi")
        elif len(name) > _LONGEST_NAME or not name.isprintable() or not is_visible(name):
            add_flaw("name", "malformed", f"paling banyak {_LONGEST_NAME} karakter yang tampak")
        email = _cell(cells, "email", email_address, add_flaw)
        phone = _cell(cells, "phone", mobile_number, add_flaw)
        agencies = self._agencies_of(cells.get("agencies", ""), add_flaw)
        if self.flaws.found == before:
            self._add(Row(line=number, name=name, email=email, phone=phone, agencies=agencies), add_flaw)

    def _agencies_of(self, text: str, add_flaw: Callable[[str, str, str], None]) -> tuple[str, ...]:
        if text.count("|") >= _MOST_AGENCIES:
            add_flaw("agencies", "too-many", f"paling banyak {_MOST_AGENCIES} perangkat daerah")
            return ()
        found: dict[str, None] = {}
        for part in (each.strip() for each in text.split("|")):
            if part.casefold() in self._ambiguous:
                why = f"ada lebih dari satu perangkat daerah bernama {part[:80]!r}; isi id-nya"
                add_flaw("agencies", "ambiguous", why)
                continue
            id = self._agencies.get(part.casefold()) or (part if _is_id(part) else None)
            if part and id is None:
                add_flaw("agencies", "unknown", f"perangkat daerah {part[:80]!r} tidak dikenal di daerah ini")
            elif id is not None:
                found[id] = None
        if not text.strip(" |"):
            add_flaw("agencies", "missing", "wajib diisi")
        return tuple(found)

    def _add(self, row: Row, add_flaw: Callable[[str, str, str], None]) -> None:
        index = self._indexes.get(row.email.casefold()) if row.email else None
        if index is None:
            if row.email:
                self._indexes[row.email.casefold()] = len(self.rows)
            self.rows.append(row)
            return
        first = self.rows[index]
        if (first.name, first.phone) != (row.name, row.phone):
            add_flaw("email", "duplicate", f"sudah dipakai orang lain pada baris {first.line}")
            return
        agencies = tuple(dict.fromkeys((*first.agencies, *row.agencies)))
        self.rows[index] = first.model_copy(update={"agencies": agencies})


def read_table(body: bytes, agencies: Mapping[str, str]) -> list[Row]:
    """The persons of the table. agencies: case-folded name → id (or AMBIGUOUS), of the region. An id is not checked
    here, since its agency may not be known yet. Raises Invalid with the flaws. Slow for a long table: run it in a
    thread."""
    text = _decoded(body)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    reader = _TableReader(agencies)
    try:
        header = _header(next(lines, []))
        columns = _columns(header)
        for cells in lines:
            if len(cells) <= len(header) and not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                line = lines.line_num
                reader.flaws.append(
                    Flaw(f"line.{line}", "width", f"baris {line}: ada {len(cells)} kolom, seharusnya {len(header)}")
                )
                continue
            named = {_COLUMNS[name]: cell for name, cell in zip(header, cells, strict=True) if name in _COLUMNS}
            reader.line(lines.line_num, named, columns)
    except csv.Error:
        raise Invalid([Flaw(f"line.{lines.line_num}", "malformed", f"baris {lines.line_num}: bukan CSV")]) from None
    if not reader.flaws and not reader.rows:
        reader.flaws.append(Flaw("body", "empty", "tidak ada satu pun kontak"))
    if len(reader.rows) > MOST_ROWS:
        reader.flaws.append(Flaw("body", "too-long", f"paling banyak {MOST_ROWS} kontak sekaligus"))
    if reader.flaws:
        raise Invalid(reader.flaws)
    return reader.rows


def _decoded(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid([Flaw("body", "not-utf-8", "berkas harus dikodekan UTF-8")]) from None
    if max(text.count("\n"), text.count("\r")) > MOST_LINES:
        raise Invalid([Flaw("body", "too-long", f"paling banyak {MOST_LINES} baris sekaligus")])
    return text


def _header(cells: list[str]) -> list[str]:
    if len(cells) > _MOST_COLUMNS:
        raise Invalid([Flaw("line.1", "width", f"baris 1: ada {len(cells)} kolom, paling banyak {_MOST_COLUMNS}")])
    return [cell.strip().casefold() for cell in cells]


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _columns(header: list[str]) -> dict[str, str]:
    """Our name of a column → the table's. Raises Invalid."""
    columns: dict[str, str] = {}
    flaws: list[Flaw] = []
    for name in header:
        ours = _COLUMNS.get(name)
        if ours is None:
            flaws.append(Flaw("line.1", "unknown-column", f"baris 1: kolom {name[:40]!r} tidak dikenal"))
        elif ours in columns:
            flaws.append(Flaw("line.1", "column-twice", f"baris 1: kolom {name} ganda"))
        else:
            columns[ours] = name
    flaws += [
        Flaw("line.1", "missing-column", f"baris 1: kolom {theirs} harus ada")
        for ours, theirs in _NEEDED.items()
        if ours not in columns
    ]
    if flaws:
        raise Invalid(flaws)
    return columns


def _cell(
    cells: Mapping[str, str], column: str, read: Callable[[str], str], add_flaw: Callable[[str, str, str], None]
) -> str:
    text = cells.get(column, "").strip()
    if not text:
        return ""
    if len(text) > _LONGEST_CELL:
        add_flaw(column, "malformed", f"paling banyak {_LONGEST_CELL} karakter")
        return ""
    try:
        return read(text)
    except ValueError as error:
        add_flaw(column, "malformed", str(error))
        return ""


def _is_id(text: str) -> bool:
    if len(text) != _UUID:
        return False
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
