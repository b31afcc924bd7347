"""Reports as files."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from shared.tables.columns import SHEETS
from shared.tables.disarming import disarmed
from shared.tables.report import Finding
from shared.tables.workbook import Book

_HEADS = ("Lembar", "Baris", "Kolom", "Isi sel", "Keterangan", "Jenis")
_WIDTHS = (20, 8, 28, 36, 80, 12)


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


def _row(finding: Finding) -> tuple[str | int, ...]:
    sheet = SHEETS[finding.sheet].title if finding.sheet in SHEETS else finding.sheet
    kind = "catatan" if finding.note else "kesalahan"
    return finding.title or sheet, finding.row or "", finding.column, finding.value, finding.reason, kind
