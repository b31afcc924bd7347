"""What came of the sheets of a file: printed, and written as a report."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.cli.console import say
from shared.tables.disarming import disarmed
from shared.tables.table import Table

_SHOWN = 50  # findings of one sheet that are printed
_COUNTS = ("created", "updated", "unchanged", "skipped", "errors", "notes")

_NOT_SENT = ("unknown-column", "column-twice", "no-title")  # codes of what services do not see: it is not sent

FindingAnswer = dict[str, Any]
"""A finding as services answer it."""


@dataclass
class Summary:
    """What came of all sheets. agencies, innovations: folded names in the file's own sheets; agencies_from: the dry run
    of its agencies; told: the tables of which something is printed."""

    failed: bool = False
    reports: list[FindingAnswer] = field(default_factory=list)
    agencies: set[str] = field(default_factory=set)
    innovations: set[str] = field(default_factory=set)
    agencies_from: str | None = None
    told: set[int] = field(default_factory=set)

    def refused(self, table: Table) -> bool:
        """Whether the sheet itself is wrong in a way that services would not see; then it is printed and kept."""
        wrong = any(each.code in _NOT_SENT and not each.note for each in table.findings)
        if wrong:
            self.take(table, {"status": "refused", "rows": len(table.rows)}, [])
        return wrong

    def _unsent(self, table: Table) -> list[FindingAnswer]:
        """What only the file itself shows, once."""
        if id(table) in self.told:
            return []
        self.told.add(id(table))
        return [each.model_dump() for each in table.findings if each.code in _NOT_SENT]

    def take(
        self, table: Table, run: dict[str, Any], findings: Sequence[FindingAnswer], what: str = "", *, waiting: int = 0
    ) -> None:
        """Print and keep what came of one sheet. run: with `status`, `rows` and counts; what: after the title; waiting:
        lines that name what a dry run has not created."""
        unsent = self._unsent(table)
        notes = sum(each["note"] for each in unsent)
        run = {**run, "notes": run.get("notes", 0) + notes, "errors": run.get("errors", 0) + len(unsent) - notes}
        findings = [*unsent, *findings]
        counts = ", ".join(f"{run.get(name, 0)} {name}" for name in _COUNTS)
        say(f"{table.title or table.columns.title}{what}: {run['status']}; {run['rows']} rows, {counts}")
        if waiting:
            say(f"  {waiting} baris menyebut perangkat daerah atau inovasi yang baru didaftarkan oleh berkas ini")
        for each in findings[:_SHOWN]:
            where = f"baris {each['row']}" + (f", kolom {each['column']}" if each["column"] else "")
            value = f" ({each['value']})" if each["value"] else ""
            say(f"  {where}{value}: {each['reason']}")
        if len(findings) > _SHOWN:
            say(f"  … {len(findings) - _SHOWN} lainnya; --report FILE menulis semuanya")
        self.reports += findings
        self.failed = self.failed or run["status"] == "refused" or bool(run.get("skipped"))


def write_report(path: Path, findings: Sequence[FindingAnswer]) -> None:
    """Write all findings to a CSV file."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(("Lembar", "Baris", "Kolom", "Isi sel", "Keterangan", "Jenis"))
        for each in findings:
            kind = "catatan" if each["note"] else "kesalahan"
            row = (each["title"] or each["sheet"], each["row"], each["column"], each["value"], each["reason"], kind)
            writer.writerow([disarmed(str(cell)) for cell in row])
