"""Reads a table of contacts in CSV. Flaws are reported with their line and column, and nothing is imported if there is
one. Lines, columns and cells are counted and measured before anything else is done with them.

Columns, in any order, in Bahasa Indonesia or English (`columns.py`): ``nama`` and ``perangkat_daerah`` must be there;
``email``, ``telepon``, ``telepon_kantor``, ``peran``, ``saluran``, ``berlaku_dari``, ``berlaku_sampai`` and
``setuju_whatsapp`` may. An agency is its id or its exact name; several are separated by `|`. One person may have
several lines, one for each agency. Comma or semicolon, UTF-8 with or without a byte order mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from services.notifications.contacts.table.columns import COLUMNS, columns_of, header_of
from services.notifications.contacts.table.lines import LineReader
from services.notifications.contacts.table.row import Row
from shared.faults import Flaw, Invalid

MOST_ROWS = 5_000
"""Persons in one table."""

MOST_LINES = 20_000
"""Lines of one table: a person may have several."""


def read_table(body: bytes, agencies: Mapping[str, str]) -> list[Row]:
    """The persons of the table. agencies: folded name → id (or AMBIGUOUS), of the region. Whether there is an
    agency of an id is not checked here. Raises Invalid with the flaws. Slow for a long table: run it in a thread."""
    text = _decoded(body)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    reader = LineReader(agencies)
    flaws = reader.flaws
    try:
        header = header_of(next(lines, []))
        columns = columns_of(header)
        for cells in lines:
            if len(cells) <= len(header) and not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                line = lines.line_num
                why = f"baris {line}: ada {len(cells)} kolom, seharusnya {len(header)}"
                flaws.append(Flaw(f"line.{line}", "width", why))
                continue
            named = {COLUMNS[name]: cell for name, cell in zip(header, cells, strict=True) if name in COLUMNS}
            reader.read(lines.line_num, named, columns)
    except csv.Error:
        raise Invalid([Flaw(f"line.{lines.line_num}", "malformed", f"baris {lines.line_num}: bukan CSV")]) from None
    if not flaws and not reader.rows:
        flaws.append(Flaw("body", "empty", "tidak ada satu pun kontak"))
    if len(reader.rows) > MOST_ROWS:
        flaws.append(Flaw("body", "too-long", f"paling banyak {MOST_ROWS} kontak sekaligus"))
    if flaws:
        raise Invalid(flaws)
    return reader.rows


def _decoded(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid([Flaw("body", "not-utf-8", "berkas harus dikodekan UTF-8")]) from None
    if max(text.count("\n"), text.count("\r")) > MOST_LINES:
        raise Invalid([Flaw("body", "too-long", f"paling banyak {MOST_LINES} baris sekaligus")])
    return text


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","
