"""Reads a table of contacts, CSV or XLSX, into persons and findings."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from services.notifications.contacts.table.lines import COMING, LineReader
from services.notifications.contacts.table.row import Row
from shared.contracts.names import folded
from shared.faults import Flaw, Flaws, Invalid
from shared.tables.cells import Cell, Unusable, plain, shown
from shared.tables.columns import AGENCIES, CONTACTS
from shared.tables.days import day_of
from shared.tables.reading import read_tables
from shared.tables.report import MOST_FINDINGS, Finding, Findings
from shared.tables.table import Table, TableRow
from shared.tables.typed import about

_DAYS = ("valid_from", "valid_to")
_CHOICES = ("role", "preferred")
_UNUSABLE = {
    "formula": "sel ini berisi rumus; salin lalu tempel sebagai nilai",
    "error": "sel ini berisi kesalahan; isi dengan nilainya",
}


class _AllFlaws(Flaws):
    """As many flaws as a report lists."""

    def append(self, flaw: Flaw) -> None:
        """Keep or count a flaw."""
        if len(self) < MOST_FINDINGS:
            list.append(self, flaw)
        else:
            self.more += 1


def read_contacts(body: bytes, agencies: Mapping[str, str], findings: Findings, *, dry_run: bool = False) -> list[Row]:
    """The persons of a file. agencies: folded name → id, or AMBIGUOUS; dry_run: agencies of the same file count as
    known, with ids that begin with COMING. What is wrong goes to `findings`; the rows count only without errors. Raises
    Invalid (field `file`) for what is no table. Slow for a long one."""
    found: list[Row] = []
    known = dict(agencies)
    tables = read_tables(io.BytesIO(body), "contacts.csv", [CONTACTS, *([AGENCIES] if dry_run else ())])
    for table in (each for each in tables if each.sheet == AGENCIES.key):
        for row in table.rows:
            name = folded(shown(row.cells.get("name", "")))
            known.setdefault(name, f"{COMING}{name}")
    for table in (each for each in tables if each.sheet == CONTACTS.key):
        findings.extend(table.findings)
        reader = LineReader(known, _AllFlaws())
        reader.rows = found
        if not any(each.code == "missing-column" for each in table.findings):
            for row in table.rows:
                _read(table, row, reader, findings)
        found = reader.rows
    if not found and not findings.errors:
        findings.add(Finding(sheet=CONTACTS.key, row=0, code="empty", reason="tidak ada satu pun kontak"))
    return found


def _read(table: Table, row: TableRow, reader: LineReader, findings: Findings) -> None:
    usable = True
    for key, cell in row.cells.items():
        if isinstance(cell, Unusable):
            findings.add(about(table, row, key, cell.code, _UNUSABLE[cell.code]))
            usable = False
    if not usable:
        return
    before = len(reader.flaws)
    line = {key: _text(key, cell) for key, cell in row.cells.items()}
    reader.read(row.number, line, {key: key for key in CONTACTS.by_key})
    for flaw in reader.flaws[before:]:
        key = flaw.field.rpartition(".")[2]
        key = key if key in CONTACTS.by_key else ""
        reason = flaw.message.partition(": ")[2] or flaw.message
        findings.add(about(table, row, key, flaw.code, reason))


def _text(key: str, cell: Cell) -> str:
    if key == "agencies":
        parts = shown(cell).replace(";", "|").replace("\n", "|").split("|")
        return "|".join(" ".join(part.split()) for part in parts)
    if key in _CHOICES:
        return CONTACTS.by_key[key].value_of(shown(cell)) or shown(cell)
    if key in _DAYS:
        try:
            return day_of(cell).isoformat()
        except ValueError:
            return shown(cell)
    if key in ("phone", "landline") and isinstance(cell, Decimal):  # Excel drops the zero before a number
        digits = plain(cell)
        return f"+{digits}" if digits.startswith("62") else f"0{digits}" if digits.startswith(("8", "5")) else digits
    return cell.isoformat() if isinstance(cell, date) else shown(cell)


def file_finding(fault: Invalid) -> Finding:
    """What a report says of a file that cannot be read."""
    flaw = fault.flaws[0]
    return Finding(sheet=CONTACTS.key, row=0, code=flaw.code, reason=flaw.message)
