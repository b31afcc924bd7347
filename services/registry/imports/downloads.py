"""Files to download: reports and templates."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from services.registry.agencies.agency import Agency
from services.registry.imports.agency_names import agencies_of
from shared.storage.repository import Repository
from shared.tables.columns import SHEETS
from shared.tables.disarming import disarmed
from shared.tables.report import Finding
from shared.tables.template import write_template
from shared.tables.workbook import Book

_HEADS = ("Lembar", "Baris", "Kolom", "Isi sel", "Keterangan", "Jenis")
_WIDTHS = (20, 8, 28, 36, 80, 12)
_NAMING = ("agencies.parent", "agencies.successor", "innovations.agency", "commitments.agency", "contacts.agencies")
"""Columns that name agencies."""


async def write_report(findings: Sequence[Finding], path: Path, *, workbook: bool) -> None:
    """Write a report as a workbook or as CSV."""
    rows = [_row(each) for each in findings]
    if workbook:
        with Book(path) as book:
            sheet = book.sheet("Laporan impor", _WIDTHS, frozen=(1, 0))
            sheet.heads(_HEADS)
            sheet.rows(rows)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_HEADS)
        writer.writerows([disarmed(str(cell)) for cell in row] for row in rows)


async def agency_names(agencies: Repository[Agency], region: str) -> list[str]:
    """The names of the region's agencies that are not retired, in order."""
    return sorted([each.name async for each in agencies_of(agencies, region) if each.retired_on is None])


def template_of(path: Path, sheet: str | None, agencies: Sequence[str]) -> None:
    """Write a template. sheet: its key, None for all."""
    sheets = list(SHEETS.values()) if sheet is None else [SHEETS[sheet]]
    write_template(path, sheets, dict.fromkeys(_NAMING, agencies))


def _row(finding: Finding) -> tuple[str | int, ...]:
    sheet = SHEETS[finding.sheet].title if finding.sheet in SHEETS else finding.sheet
    kind = "catatan" if finding.note else "kesalahan"
    return finding.title or sheet, finding.row or "", finding.column, finding.value, finding.reason, kind
